"""Starter thresholds, clocks and factors in an empty home; steps and observations append-only.

The figures are the company's own starters: unapproved, without an external source, shown so.
Source: contract (starter set), requirements section 6 (company-set parameters), POST-07b-f.
"""

import datetime as dt
from decimal import Decimal

from django.db import migrations

SOURCE = "company-set starter, not approved; no external source"
SINCE = dt.date(2000, 1, 1)
LEVELS = ("yellow", "orange", "red")
# indicator: limits of the value itself, and for vintages, which worsen as they age
ABSOLUTE = {
    "overdue_rate": (("0.15", "0.20", "0.25"), ("0.20", "0.30", "0.40")),
    "roll_m0_1": (("0.12", "0.15", "0.20"), ("0.16", "0.20", "0.28")),
    "roll_m0_2": (("0.04", "0.06", "0.10"), ("0.06", "0.09", "0.14")),
    "tail_share": (("0.02", "0.04", "0.08"), ("0.04", "0.08", "0.15")),
}
SLICES = ("branch", "lender", "channel", "product", "grade", "vintage", "obligor_type")
AGAINST_BOOK = ("2", "3", "4")
TREND_OF_TOTAL, TREND_OF_SLICE = ("1.25", "1.5", "2"), ("1.5", "2", "3")
HYSTERESIS, BASE_FLOOR = Decimal("0.05"), Decimal("0.005")
MONTHS, MIN_HISTORY = 6, 6
PARAMETERS = [
    ("warning.acknowledge_hours.red", 24, "hours"),
    ("warning.acknowledge_hours.orange", 48, "hours"),
    ("warning.acknowledge_hours.yellow", 72, "hours"),
    ("warning.acknowledge_hours.data_quality", 72, "hours"),
    ("warning.dispose_days.red", 5, "days"),
    ("warning.dispose_days.orange", 10, "days"),
    ("warning.dispose_days.yellow", 20, "days"),
    ("warning.dispose_days.data_quality", 10, "days"),
    ("warning.review_days", 5, "days"),
    ("warning.improve_days", 90, "days"),
    ("warning.close_good_months", 2, "month-ends"),
    ("warning.cut_line_factor", "0.5", "fraction"),
]
TRIGGERS = """
CREATE TRIGGER warningstep_append_only BEFORE UPDATE OR DELETE ON postloss_warningstep
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER warningobservation_append_only BEFORE UPDATE OR DELETE
    ON postloss_warningobservation FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER threshold_append_only BEFORE UPDATE OR DELETE ON postloss_threshold
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER riskwarning_not_deleted BEFORE DELETE ON postloss_riskwarning
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
NO_TRIGGERS = """
DROP TRIGGER warningstep_append_only ON postloss_warningstep;
DROP TRIGGER warningobservation_append_only ON postloss_warningobservation;
DROP TRIGGER threshold_append_only ON postloss_threshold;
DROP TRIGGER riskwarning_not_deleted ON postloss_riskwarning;
"""


def rows():
    for indicator, (usual, vintage) in ABSOLUTE.items():
        for dimension in ("total", *SLICES):
            trend = TREND_OF_TOTAL if dimension == "total" else TREND_OF_SLICE
            yield indicator, dimension, "absolute", vintage if dimension == "vintage" else usual
            if dimension != "total":
                yield indicator, dimension, "against_book", AGAINST_BOOK
            if dimension != "vintage":
                yield indicator, dimension, "against_trend", trend


def seed(apps, schema_editor):
    threshold_set = apps.get_model("postloss", "ThresholdSet").objects.create(
        title="Starter thresholds", source=SOURCE, is_starter=True, valid_from=SINCE
    )
    threshold = apps.get_model("postloss", "Threshold")
    threshold.objects.bulk_create(
        threshold(
            threshold_set=threshold_set,
            indicator=indicator,
            dimension=dimension,
            test=test,
            level=level,
            limit=Decimal(limit),
            min_sample=100 if dimension == "total" else 50,
            hysteresis=HYSTERESIS,
            base_floor=0 if test == "absolute" else BASE_FLOOR,
            months=MONTHS if test == "against_trend" else None,
            min_history=MIN_HISTORY if test == "against_trend" else None,
        )
        for indicator, dimension, test, limits in rows()
        for level, limit in zip(LEVELS, limits, strict=True)
    )
    parameter = apps.get_model("core", "RegulatoryParameter")
    parameter.objects.bulk_create(
        parameter(name=name, value=value, unit=unit, valid_from=SINCE, source=SOURCE)
        for name, value, unit in PARAMETERS
    )


class Migration(migrations.Migration):
    dependencies = [("postloss", "0003_warnings"), ("core", "0002_audit_append_only")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
