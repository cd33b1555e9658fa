"""Settings, URLs, middleware and the Celery application: where the house is wired together."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
