"""The regulations that parameters cite, their articles, and the library of controls.

Nobody has looked the regulations up yet: each is marked so until the first check. Steps of
incidents and checks of regulations are appended only. Source: HQ-46, POST-34a.
"""

import csv
import datetime as dt
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"
TABLES = ("incidentstep", "regulationcheck", "answer")
FORWARD = "".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON reporting_{table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();"
    for table in TABLES
)
BACKWARD = "".join(f"DROP TRIGGER {table}_append_only ON reporting_{table};" for table in TABLES)


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def day(text):
    return dt.date.fromisoformat(text) if text else None


def seed(apps, schema_editor):
    regulation = apps.get_model("reporting", "Regulation")
    regulation.objects.bulk_create(
        regulation(
            code=row["code"],
            title=row["title"],
            number=row["number"],
            issuer=row["issuer"],
            issued_on=day(row["issued_on"]),
            effective_on=day(row["effective_on"]),
        )
        for row in rows("regulations.csv")
    )
    known = {each.code: each for each in regulation.objects.all()}
    article = apps.get_model("reporting", "RegulationArticle")
    article.objects.bulk_create(
        article(regulation=known[row["regulation"]], article=row["article"], about=row["about"])
        for row in rows("regulation_articles.csv")
    )
    control = apps.get_model("reporting", "InternalControl")
    control.objects.bulk_create(control(**row) for row in rows("internal_controls.csv"))


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0005_governance_registers"),
        ("core", "0002_audit_append_only"),
    ]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
