"""Is the house well?"""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

REDIS_SECONDS = 1


def healthz(request: HttpRequest) -> JsonResponse:
    database, cache = _database_state(), _redis_state()
    is_well = database == "ok"
    body = {"status": "ok" if is_well else "failing", "database": database, "redis": cache}
    return JsonResponse(body, status=200 if is_well else 503)


def _database_state() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as failure:
        return type(failure).__name__
    return "ok"


def _redis_state() -> str:
    wait = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **wait) as line:
            line.ping()
    except (redis.RedisError, ValueError) as failure:
        return type(failure).__name__
    return "ok"
