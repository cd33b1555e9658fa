"""Which accounts make up each line of finance, as shipped; explanations are appended only."""

import datetime as dt

from django.db import migrations

from core.row_security import protect

LINES = {
    "claims_paid": {"651101": 1},
    "recovery_income": {"651102": -1},
    "ceded_claims_recovered": {"6202": -1},
    "inward_ri_claims": {"651103": 1},
    "claims_reserve_change": {"650201": 1},
    "ri_claims_reserve_change": {"620101": -1},
    "earned_premium": {"603101": -1, "603102": -1, "6541": -1, "6501": -1},
    "premium_income": {"603101": -1, "603102": -1},
    "ceded_premium": {"6541": 1},
    "upr_change_net": {"6501": 1},
    "operating_expense": {"6601": 1},
    "ri_commission_recovered": {"6203": -1},
    "commission_expense": {"6421": 1},
    "inward_ri_expense": {"6542": 1},
    "taxes_and_surcharges": {"6403": 1},
    "claims_indemnity": {"2205/claim_paid": 1},
    "recovered_cash": {"1002/recovery_received": 1},
    "claims_indemnity_net": {"2205/claim_paid": 1, "6202/ceded_claim": 1},
    "recovered_cash_net": {"1002/recovery_received": 1, "6202/recovery_ceded": -1},
}


def seed(apps, schema_editor):
    apps.get_model("core", "RegulatoryParameter").objects.create(
        name="ledger.figure_lines",
        kind="table",
        value=LINES,
        valid_from=dt.date(2000, 1, 1),
        source="company policy (starter value)",
        owner="finance",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0007_ledger_figures"),
        ("core", "0008_regulatory_parameters"),
    ]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER explanation_append_only BEFORE UPDATE OR DELETE"
            " ON ledger_figureexplanation FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()",
            "DROP TRIGGER explanation_append_only ON ledger_figureexplanation",
        ),
        protect("ledger_figureexplanation", "(SELECT sees_everything())"),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
