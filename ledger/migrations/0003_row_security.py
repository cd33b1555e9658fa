"""The books are the head office's. Source: A4."""

from django.db import migrations

from core.row_security import protect

ALL = "(SELECT sees_everything())"


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_figures_append_only"),
        ("organization", "0005_what_a_person_sees"),
    ]
    operations = [
        protect("ledger_financebatch", ALL),
        protect("ledger_financefigure", ALL),
        protect("ledger_financereject", ALL),
    ]
