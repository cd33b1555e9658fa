from django.apps import AppConfig


class PostlossConfig(AppConfig):
    name = "postloss"
