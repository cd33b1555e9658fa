"""Signing in."""

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRefresh

from desk.forms import SignInForm


class SignIn(LoginView):
    template_name = "desk/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.htmx:  # the session ran out under a fragment: reload the page around it
            return HttpResponseClientRefresh()
        return super().get(request, *args, **kwargs)
