"""Error pages and health."""

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from config.middleware import DomainErrorMiddleware
from core.errors import Conflict, DomainError, Missing, NotPermitted, RuleBroken
from desk import views

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def request_of(manager_lin):
    def make(**headers):
        request = RequestFactory().get("/x/", headers=headers)
        request.user, request.htmx = manager_lin, "HX-Request" in headers
        return request

    return make


@pytest.mark.parametrize(
    ("view", "status", "heading"),
    [
        (views.bad_request, 400, "无法识别"),
        (views.permission_denied, 403, "无权访问"),
        (views.page_not_found, 404, "未找到"),
    ],
)
def test_an_error_page_has_its_status_and_one_sentence(request_of, view, status, heading):
    with translation.override("zh-hans"):
        answer = view(request_of(), Exception("secret"))
    assert answer.status_code == status
    assert f'<h1 class="empty-title">{heading}</h1>' in answer.content.decode()
    assert "secret" not in answer.content.decode()


def test_an_unknown_address_is_404_for_a_stranger_too(client, db):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "页面不存在，或您无权查看。" in answer.content.decode()


def test_an_error_under_a_fragment_is_a_fragment(client, manager_lin):
    client.force_login(manager_lin)
    answer = client.get("/no/such/page/", headers=FRAGMENT)
    assert answer.status_code == 404
    assert "<html" not in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("kind", [NotPermitted, Missing, Conflict, RuleBroken])
@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_a_refusal_of_the_business_says_its_sentence(request_of, kind, headers):
    middleware = DomainErrorMiddleware(lambda request: None)
    refusal = kind("some_code", "余额不足 <b>")
    answer = middleware.process_exception(request_of(**headers), refusal)
    assert answer.status_code == kind.status
    assert "余额不足 &lt;b&gt;" in answer.content.decode()
    assert "some_code" in answer.content.decode()
    assert ("<html" in answer.content.decode()) is not bool(headers)


def test_other_failures_are_not_translated_into_refusals(request_of):
    middleware = DomainErrorMiddleware(lambda request: None)
    assert middleware.process_exception(request_of(), ValueError("x")) is None
    assert issubclass(Conflict, DomainError)


def test_a_form_without_its_token_is_refused_with_a_way_out(request_of):
    with translation.override("zh-hans"):
        answer = views.csrf_failure(request_of(), reason="secret")
    assert answer.status_code == 403
    assert "表单已过期，请刷新页面后重新提交。" in answer.content.decode()


def test_a_form_without_its_token_gets_our_page(client, db):
    assert settings.CSRF_FAILURE_VIEW == "desk.views.csrf_failure"
    client.handler.enforce_csrf_checks = True
    answer = client.post(reverse("desk:login"), {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "表单已过期，请刷新页面后重新提交。" in answer.content.decode()


def test_the_failure_page_needs_no_database(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = views.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "<html" in answer.content.decode()


def test_health_names_its_parts(client, db):
    answer = client.get(reverse("desk:healthz"))
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["database"] == "ok"


def test_health_fails_with_the_database_and_says_so(client, db):
    def refuse(*_args):
        raise OperationalError

    with connection.execute_wrapper(refuse):
        answer = client.get(reverse("desk:healthz"))
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert answer.json()["database"] == "OperationalError"


def test_health_reports_a_dead_redis_without_failing(client, db, settings):
    settings.REDIS_URL = "unix:///no/such/socket"
    answer = client.get(reverse("desk:healthz"))
    assert answer.status_code == 200
    assert answer.json()["redis"] == "ConnectionError"
