"""Every address of the house. Public: sign-in, health, language, metrics."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language
from django_prometheus.exports import ExportToDjangoView

handler400 = "desk.views.bad_request"
handler403 = "desk.views.permission_denied"
handler404 = "desk.views.page_not_found"
handler500 = "desk.views.server_error"

urlpatterns = [
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("metrics", login_not_required(ExportToDjangoView), name="metrics"),
    path("", include("desk.urls")),
    path("", include("parties.urls")),
    path("", include("desk.urls.second_factor")),
    path("organization/", include("organization.urls")),
    path("", include("underwriting.urls")),
    path("", include("postloss.urls")),
    path("lenders/", include("partners.urls")),
    path("products/", include("products.urls")),
    path("finance/", include("ledger.urls")),
    path("reports/", include("reporting.urls")),
    path("governance/", include("reporting.urls.governance")),
]
