"""Addresses of the books."""

from django.urls import path

from ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.batch_list, name="batches"),
    path("new/", views.batch_create, name="batch_create"),
    path("<int:pk>/", views.batch_detail, name="batch"),
    path("<int:pk>/sign-off/", views.sign_off, name="sign_off"),
    path("<int:pk>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("months/<str:month>/", views.month_detail, name="month"),
]
