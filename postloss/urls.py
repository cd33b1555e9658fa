"""Addresses of the app."""

app_name = "postloss"
urlpatterns: list = []
