"""Policies are seen where their unit is; what was given out or received is never changed. A4."""

from django.db import migrations

from core.row_security import protect, widen

UNIT = "unit_id IN (SELECT sees_unit_ids())"
OF_POLICY = "EXISTS (SELECT FROM underwriting_policy p WHERE p.id = policy_id)"
PARTY = """
(SELECT sees_everything()) OR EXISTS (
SELECT FROM underwriting_loan l WHERE l.obligor_id = parties_party.id)
"""
MORE = f"""{PARTY} OR EXISTS (
SELECT FROM underwriting_policy p WHERE parties_party.id IN
(p.obligor_id, p.underlying_obligor_id, p.policyholder_id)) OR EXISTS (
SELECT FROM underwriting_quote q WHERE parties_party.id IN (q.obligor_id, q.underlying_obligor_id))
"""
KEPT = ("policyterms", "policydocument", "premiumreceipt", "claimtransfer")
FORWARD = "".join(
    f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON underwriting_{name}"
    " FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();"
    for name in KEPT
)
BACKWARD = "".join(f"DROP TRIGGER {name}_append_only ON underwriting_{name};" for name in KEPT)
PARAMETERS = (
    # name, value, unit, source
    ("premium.vat_rate", "0.06", "fraction", "财税〔2016〕36号"),
    ("premium.grace_days", 30, "days", "company policy (starter value)"),
    ("quote.valid_days", 30, "days", "company policy (starter value)"),
    ("policy.insured_changes", 1, "changes", "HQ-15"),
)


def seed(apps, schema_editor):
    parameter = apps.get_model("core", "RegulatoryParameter")
    for name, value, unit, source in PARAMETERS:
        parameter.objects.create(
            name=name, value=value, unit=unit, valid_from="2015-01-01", source=source
        )


class Migration(migrations.Migration):
    dependencies = [
        ("underwriting", "0006_policies"),
        ("core", "0010_limits_of_files"),
    ]
    operations = [
        protect("underwriting_quote", UNIT),
        protect("underwriting_policy", UNIT),
        protect(
            "underwriting_claimtransfer",
            "EXISTS (SELECT FROM underwriting_quote q WHERE q.id = quote_id)",
        ),
        *(
            protect(f"underwriting_{name}", OF_POLICY)
            for name in (
                "policyterms", "policydelivery", "policydocument", "premiuminstalment",
                "premiumreceipt", "endorsement",
            )
        ),
        widen("parties_party", MORE, before=PARTY),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
