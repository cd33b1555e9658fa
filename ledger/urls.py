"""Addresses of the books."""

from django.urls import path

from ledger.views import figures

app_name = "ledger"
urlpatterns = [
    path("", figures.batch_list, name="batches"),
    path("new/", figures.batch_create, name="batch_create"),
    path("<int:pk>/", figures.batch_detail, name="batch"),
    path("<int:pk>/sign-off/", figures.sign_off, name="sign_off"),
    path("<int:pk>/withdrawal/", figures.withdrawal, name="withdrawal"),
    path("months/<str:month>/", figures.month_detail, name="month"),
]
