"""Celery application. Redis only wakes the worker; the record of work is the `core.Job` table."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("xinbao")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
