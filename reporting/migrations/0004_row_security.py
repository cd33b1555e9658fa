"""Reports are the head office's; a regulator sees released ones. Source: A4, HQ-47."""

from django.db import migrations

from core.row_security import protect

REPORT = (
    "(SELECT sees_everything())"
    " OR (state = 'released' AND (SELECT sees_as_kind('regulator')))"
)
PART = (
    "EXISTS (SELECT FROM reporting_quarterlyreport r WHERE r.id = report_id)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0003_parameters_of_the_form"),
        ("organization", "0005_what_a_person_sees"),
    ]
    operations = [
        protect("reporting_quarterlyreport", REPORT),
        protect("reporting_reportmonth", PART),
        protect("reporting_reportfile", PART),
        protect(
            "reporting_quarterlyreport_finance_batches",
            "EXISTS (SELECT FROM reporting_quarterlyreport r WHERE r.id = quarterlyreport_id)",
        ),
    ]
