"""Addresses of underwriting, cut by noun."""

from django.urls import path

from underwriting.views import controls, names

app_name = "underwriting"
urlpatterns = [
    # names that lenders use
    path("names/", names.name_list, name="names"),
    path("names/<int:pk>/confirmation/", names.name_confirm, name="name_confirm"),
    # controls on new business
    path("controls/", controls.control_list, name="controls"),
]
