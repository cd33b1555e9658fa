"""Which premium an act of ceding handed on, policy by policy. Source: PRE-02b."""

from django.db import migrations, models

from core.row_security import protect

KEPT = (
    "CREATE TRIGGER bordereaupremium_append_only BEFORE UPDATE OR DELETE ON"
    " underwriting_bordereaupremium FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();"
)


class Migration(migrations.Migration):
    dependencies = [("underwriting", "0014_business_use")]
    operations = [
        migrations.CreateModel(
            "BordereauPremium",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("policy_no", models.CharField(max_length=80)),
                ("premium", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "bordereau",
                    models.ForeignKey(
                        "underwriting.bordereau", models.PROTECT, related_name="premiums"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["bordereau", "policy_no"], name="bordereaupremium_once"
                    )
                ],
                "indexes": [models.Index(fields=["policy_no"], name="bordereaupremium_policy")],
            },
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        protect("underwriting_bordereaupremium", "(SELECT sees_everything())"),
    ]
