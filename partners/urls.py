"""Addresses of partners, cut by noun."""

from django.urls import path

from partners import views

app_name = "partners"
urlpatterns = [
    path("", views.lender_list, name="lenders"),
    path("<int:pk>/", views.lender_detail, name="lender"),
    path("<int:pk>/licences/new/", views.licence_proposal, name="licence_proposal"),
    path("licences/<int:pk>/", views.licence_detail, name="licence"),
    path("licences/<int:pk>/decision/", views.licence_decision, name="licence_decision"),
]
