"""The journal of the premium sub-ledger: what moved an instalment, day by day. Source: PRE-41b."""

from django.db import migrations, models
from django.db.models import F, PROTECT, Q

from core.row_security import protect

OF_POLICY = "EXISTS (SELECT FROM underwriting_policy p WHERE p.id = policy_id)"
MOVES = [
    ("written", "Written"),
    ("due", "Fell due"),
    ("overdue", "Became overdue"),
    ("paid", "Received"),
    ("returned", "Receipt taken back"),
    ("cancelled", "Cancelled"),
    ("refunded", "Given back"),
    ("written_off", "Written off"),
]
STAGES = [("not_due", "Not yet due"), ("due", "Premium due"), ("overdue", "Premium overdue")]
KEPT = (
    "CREATE TRIGGER premiummovement_append_only BEFORE UPDATE OR DELETE ON"
    " underwriting_premiummovement FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();"
)
# Business before this table is told on the days that are known of it.
BROUGHT_FORWARD = """
INSERT INTO underwriting_premiummovement (policy_id, n, "on", move, stage, amount)
SELECT policy_id, n, day, move, stage, amount FROM (
    SELECT i.policy_id, i.n, p.issued_at::date AS day, 'written' AS move, 'not_due' AS stage,
        i.amount
    FROM underwriting_premiuminstalment i JOIN underwriting_policy p ON p.id = i.policy_id
    UNION ALL
    SELECT i.policy_id, i.n, greatest(i.due_on, p.issued_at::date), s.stage, s.stage, i.amount
    FROM underwriting_premiuminstalment i JOIN underwriting_policy p ON p.id = i.policy_id
    JOIN (VALUES ('due', 'due'), ('due', 'overdue'), ('overdue', 'overdue')) AS s (stage, now)
        ON s.now = i.stage
    UNION ALL
    SELECT i.policy_id, i.n, coalesce(
        (SELECT max(r.received_on) FROM underwriting_premiumreceipt r
            WHERE r.policy_id = i.policy_id AND m.move = 'paid'),
        p.ended_on, p.issued_at::date), m.move, i.stage, m.amount
    FROM underwriting_premiuminstalment i JOIN underwriting_policy p ON p.id = i.policy_id,
    LATERAL (VALUES ('paid', i.paid), ('cancelled', i.cancelled), ('refunded', i.refunded))
        AS m (move, amount)
) moved WHERE amount > 0
"""


def _money(**words):
    return models.DecimalField(decimal_places=2, max_digits=18, **words)


class Migration(migrations.Migration):
    dependencies = [("underwriting", "0009_cessions_held")]
    operations = [
        migrations.RemoveConstraint("premiuminstalment", "premiuminstalment_adds_up"),
        migrations.AddField("premiuminstalment", "written_off", _money(default=0)),
        migrations.AddConstraint(
            "premiuminstalment",
            models.CheckConstraint(
                condition=Q(
                    amount__gt=0,
                    vat__gte=0,
                    vat__lt=F("amount"),
                    paid__gte=0,
                    cancelled__gte=0,
                    refunded__gte=0,
                    written_off__gte=0,
                    refunded__lte=F("paid"),
                )
                & Q(amount__gte=F("paid") + F("cancelled") + F("written_off")),
                name="premiuminstalment_adds_up",
            ),
        ),
        migrations.CreateModel(
            "PremiumMovement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n", models.PositiveSmallIntegerField()),
                ("on", models.DateField()),
                ("move", models.CharField(choices=MOVES, max_length=11)),
                ("stage", models.CharField(choices=STAGES, max_length=8)),
                ("amount", _money()),
                (
                    "policy",
                    models.ForeignKey(
                        "underwriting.policy", PROTECT, related_name="premium_movements"
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        "underwriting.premiumreceipt", PROTECT, null=True, related_name="movements"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["on"], name="premiummovement_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(amount__gt=0), name="premiummovement_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=Q(move__in=["paid", "returned"]) | Q(receipt__isnull=True),
                        name="premiummovement_receipt",
                    ),
                ],
            },
        ),
        migrations.RunSQL(BROUGHT_FORWARD, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        protect("underwriting_premiummovement", OF_POLICY),
    ]
