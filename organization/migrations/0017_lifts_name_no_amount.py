"""Authority to lift controls stands alone and names no amount.

A row of before that mixed both keeps its cases; the lift is to be granted anew, by itself.
"""

from django.db import migrations, models
from django.db.models import Q

LIFTS = ["control_lift"]
AMOUNT = {"max_digits": 18, "decimal_places": 2, "null": True}
SENTENCE = (
    "Authority over cases names an amount; lifting controls is granted alone, without one."
)


def part(apps, schema_editor):
    for name in ("AuthorityGrant", "Delegation"):
        rows = apps.get_model("organization", name).objects
        rows.filter(exceptions=LIFTS).update(max_amount=None)
        for row in rows.filter(exceptions__contains=LIFTS).exclude(exceptions=LIFTS):
            row.exceptions = [each for each in row.exceptions if each not in LIFTS]
            row.save(update_fields=["exceptions"])


def amount_unless_it_lifts(model):
    return migrations.AddConstraint(
        model_name=model,
        constraint=models.CheckConstraint(
            condition=Q(exceptions=LIFTS, max_amount__isnull=True)
            | (~Q(exceptions__contains=LIFTS) & Q(max_amount__gt=0)),
            name=f"{model}_amount_unless_it_lifts",
            violation_error_message=SENTENCE,
        ),
    )


def amount_may_be_none(model):
    field = models.DecimalField(help_text="yuan; none where it lifts controls", **AMOUNT)
    return migrations.AlterField(model_name=model, name="max_amount", field=field)


class Migration(migrations.Migration):
    dependencies = [("organization", "0016_books_seeds")]
    operations = [
        migrations.RemoveConstraint(model_name="authoritygrant", name="grant_amount_is_positive"),
        amount_may_be_none("authoritygrant"),
        amount_may_be_none("delegation"),
        migrations.RunPython(part, migrations.RunPython.noop),
        amount_unless_it_lifts("authoritygrant"),
        amount_unless_it_lifts("delegation"),
    ]
