"""Celery application. Redis only wakes the worker; the record of work is the `core.Job` table."""

import logging.config
import os

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("xinbao")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_log(**_signal: object) -> None:
    """Log in workers and beat as everywhere: Celery's own format would pass the sieve by."""
    logging.config.dictConfig(settings.LOGGING)
