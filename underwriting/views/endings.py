"""The end of a policy: what it would do is shown first, and what was shown is what is done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import DomainError
from organization.enums import Permission
from organization.permissions import check
from organization.services.step_up import fresh_second_factor
from underwriting.forms.policies import EndingForm
from underwriting.models import Policy
from underwriting.selectors.endings import EndingPreview, ending_preview
from underwriting.selectors.policies import policy_of
from underwriting.services.endings import end_policy


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_second_factor
def policy_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an end would do, or do what was shown; the mark of it travels with the form."""
    check(request.user, Permission.ISSUE_POLICIES)
    policy = policy_of(staff=request.user, pk=pk)
    form = EndingForm(request.POST or None, initial={"on": clock.today()})
    preview, status = None, 200
    form.fields["reason"].required = "preview" not in request.POST
    if request.method == "POST":
        preview = _preview(policy, form)
        status = 422 if form.errors or (preview and preview.findings) else 200
        if form.is_valid() and form.cleaned_data["seen"] and "preview" not in request.POST:
            try:
                end_policy(policy=policy, by=request.user, at=clock.now(), **form.cleaned_data)
            except DomainError as refusal:
                status, preview = refusal.status, _preview(policy, form)
                field = refusal.field if refusal.field in form.fields else None
                form.add_error(field, refusal.message)
            else:
                messages.success(request, _("The step is recorded."))
                return redirect("desk:policy", pk=policy.pk)
    context = {"policy": policy, "form": form, "preview": preview}
    if preview:  # what stands on the page is what is confirmed next
        form.data = form.data.copy()
        form.data["seen"] = preview.mark
    return render(request, "underwriting/policies/ending.html", context, status=status)


def _preview(policy: Policy, form: EndingForm) -> EndingPreview | None:
    """Return the preview where act and day can be read, whatever else is wrong with the form."""
    form.is_valid()
    read = form.cleaned_data
    if not (read.get("action") and read.get("on")):
        return None
    return ending_preview(policy=policy, action=read["action"], on=read["on"])
