"""Whoever holds open work on an export sees that export, until it is finished. Source: A4."""

from django.db import migrations

from core.row_security import widen

SCOPE = "asked_by_id = (SELECT sees_as()) OR unit_id IN (SELECT sees_unit_ids())"
HELD = "id::text IN (SELECT sees_through_work('parties.export'))"


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_disclosure_rules"),
        ("organization", "0012_work_declared"),
    ]
    operations = [widen("parties_export", f"{SCOPE} OR {HELD}", before=SCOPE)]
