"""Shape of what people send about reports and the governance registers."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.enums import Verification
from core.months import quarter_text
from organization.models import Unit
from reporting.enums import AnswerKind, IncidentGrade, IncidentKind, PolicyKind, RegulationStanding


class QuarterForm(forms.Form):
    quarter = forms.ChoiceField(label=_("Quarter"))

    def __init__(self, *args: object, quarters: Sequence[dt.date], **kwargs: object):
        super().__init__(*args, **kwargs)
        words = [quarter_text(day) for day in quarters]
        self.fields["quarter"].choices = [(word, word) for word in words]


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=500, widget=forms.Textarea({"rows": 2})
    )


def _day(label: str, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


def _words(label: str, *, required: bool = True, rows: int = 2, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        help_text=hint,
        widget=forms.Textarea({"rows": rows}),
    )


class ParameterForm(forms.Form):
    value_text = _words(
        _("Value"),
        rows=4,
        hint=_("A percentage as printed: 30 is 30 %. A list one entry a line; a table as JSON."),
    )
    valid_from = _day(_("Valid from"))
    verification = forms.ChoiceField(label=_("How it was checked"), choices=Verification)
    source = forms.CharField(label=_("Source"), max_length=300)
    reason = _words(_("Reason"))


class CalendarForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    source = forms.CharField(label=_("Source"), max_length=300)
    opens_year = forms.IntegerField(
        label=_("Opens the year"),
        required=False,
        min_value=2000,
        max_value=2100,
        help_text=_("Only for the yearly notice; empty for a change of days."),
    )
    days = _words(
        _("Days"),
        rows=8,
        hint=_("One a line: 2027-01-01 holiday 元旦. Kinds: holiday, make_up, workday, weekend."),
    )
    reason = _words(_("Reason"))

    def clean_days(self) -> dict[dt.date, tuple[str, str]]:
        found = {}
        for line in self.cleaned_data["days"].splitlines():
            if not line.strip():
                continue
            day, kind, name = [*line.split(None, 2), "", ""][:3]
            try:
                found[dt.date.fromisoformat(day)] = (kind, name)
            except ValueError as wrong:
                raise forms.ValidationError(
                    gettext("“%(line)s” does not begin with a day such as 2027-01-01.")
                    % {"line": line}
                ) from wrong
        return found


class RegulationForm(forms.Form):
    code = forms.SlugField(label=_("Code"), max_length=40)
    title = forms.CharField(label=_("Title"), max_length=200)
    number = forms.CharField(label=_("Document number"), max_length=80, required=False)
    issuer = forms.CharField(label=_("Issuer"), max_length=120, required=False)
    issued_on = _day(_("Issued"), required=False)
    effective_on = _day(_("Effective"), required=False)


class RegulationCheckForm(forms.Form):
    standing = forms.ChoiceField(label=_("Standing"), choices=RegulationStanding)
    looked_at = forms.CharField(label=_("Where it was looked up"), max_length=300)
    remark = _words(_("Remark"), required=False)


class PolicyForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=40)
    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=PolicyKind)
    owner_department = forms.CharField(label=_("Owner department"), max_length=120)
    division_of_duties = _words(_("Division of duties"), rows=3)


class PolicyVersionForm(forms.Form):
    """A draft: its file, its first day, and where each mandatory clause stands."""

    file = forms.FileField(label=_("File"))
    effective_from = _day(_("Effective"))

    def __init__(self, *args: object, clauses: Mapping[str, str], **kwargs: object):
        super().__init__(*args, **kwargs)
        self.codes = list(clauses)
        for code, words in clauses.items():
            self.fields[f"clause_{code}"] = forms.CharField(
                label=words,
                required=False,
                max_length=80,
                help_text=gettext("Where the text says it, such as “§ 3”."),
            )

    def clauses(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"clause_{code}"] for code in self.codes}


class QuestionnaireForm(forms.Form):
    """Questions of a period, one a line, to chosen units."""

    title = forms.CharField(label=_("Title"), max_length=200)
    period = forms.CharField(label=_("Period"), max_length=20)
    questions = _words(_("Questions"), rows=6, hint=_("One question a line."))
    units = forms.ModelMultipleChoiceField(
        label=_("Units"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, units: QuerySet[Unit], **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label=_("Answer"), choices=AnswerKind)
    remark = _words(_("Remark"), required=False)
    evidence = forms.FileField(label=_("Evidence"), required=False)


class RectificationForm(forms.Form):
    text = _words(_("How it was put right"))
    evidence = forms.FileField(label=_("Evidence"), required=False)


class InspectionForm(forms.Form):
    """An inspection of the plan."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    title = forms.CharField(label=_("Title"), max_length=200)
    planned_on = _day(_("Planned"))

    def __init__(self, *args: object, units: QuerySet[Unit], **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class InspectionReportForm(forms.Form):
    done_on = _day(_("Done"))
    conclusion = _words(_("Conclusion"), rows=3)
    findings = _words(
        _("Findings"), required=False, rows=4, hint=_("One a line; “!” before a major risk.")
    )
    report = forms.FileField(label=_("Report"), required=False)


class IncidentForm(forms.Form):
    """What happened, where and when it was found."""

    kind = forms.ChoiceField(label=_("Kind"), choices=IncidentKind)
    grade = forms.ChoiceField(label=_("Grade of the incident"), choices=IncidentGrade)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    title = forms.CharField(label=_("Title"), max_length=200)
    account = _words(_("What happened"), rows=4, hint=_("No names or numbers of persons."))
    found_at = forms.DateTimeField(
        label=_("Found at"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: object, units: QuerySet[Unit], **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class StepForm(forms.Form):
    text = _words(_("What was done"))
