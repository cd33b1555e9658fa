"""Self-checks, findings, inspections and incidents are seen in the scope of the person. A4."""

from django.db import migrations

from core.row_security import protect

UNIT = "unit_id IN (SELECT sees_unit_ids())"


def part_of(table: str, key: str) -> str:
    return f"EXISTS (SELECT FROM {table} whole WHERE whole.id = {key})"


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0006_seed_registers"),
        ("organization", "0005_what_a_person_sees"),
    ]
    operations = [
        protect("reporting_selfcheck", UNIT),
        protect("reporting_answer", part_of("reporting_selfcheck", "self_check_id")),
        protect("reporting_finding", UNIT),
        protect("reporting_inspection", UNIT),
        protect("reporting_incident", UNIT),
        protect("reporting_incidentstep", part_of("reporting_incident", "incident_id")),
        protect("reporting_incidentclock", part_of("reporting_incident", "incident_id")),
    ]
