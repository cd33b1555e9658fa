"""Whoever holds open work on a finding sees that finding, until it is finished. Source: A4."""

from django.db import migrations

from core.row_security import widen

UNIT = "unit_id IN (SELECT sees_unit_ids())"
HELD = "id::text IN (SELECT sees_through_work('reporting.finding'))"


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0007_registers_seen"),
        ("organization", "0012_work_declared"),
    ]
    operations = [widen("reporting_finding", f"{UNIT} OR {HELD}", before=UNIT)]
