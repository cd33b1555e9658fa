"""The page of one policy, from all sides."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from desk.selectors.policies import policy_story
from organization.enums import Permission
from organization.permissions import check
from underwriting.selectors.policies import policy_of


@require_safe
def policy_detail(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    policy = policy_of(staff=request.user, pk=pk)
    story = policy_story(policy=policy, staff=request.user, as_of=clock.today())
    return render(request, "desk/policies/policy_detail.html", story)
