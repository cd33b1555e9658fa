"""The parameters of other regulations, the company's own starters, and the known working days.

`core/data` carries them. A row read in its text serves as checked; all others serve unapproved,
with a banner, until somebody proposes and somebody else approves a value.
Source: section 4 of the requirements.
"""

import csv
import datetime as dt
import json
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"
SOURCE = "company policy (starter value)"
SINCE = dt.date(2020, 1, 1)
CLAUSES = {
    "underwriting": {
        "rate_ceiling": "明确拒绝承保超过国家规定利率上限的贷款（PRE-12g）",
        "flow_and_admission": "承保流程、准入、风险分级和限额（PRE-12a）",
        "recusal": "回避制度（PRE-12e）",
    },
    "partner": {
        "admission": "准入条件（PRE-26b）",
        "evaluation": "评估机制（PRE-26b）",
        "exit": "退出机制（PRE-26b）",
    },
    "product": {"duties": "产品开发和管理的职责分工（PRE-33a）"},
    "authority": {
        "owner_department": "归口管理部门（PRE-38b）",
        "division_of_duties": "职责分工（PRE-38b）",
    },
    "data": {
        "use_scenarios": "数据采集和使用场景（PRE-45a）",
        "measures": "保密和安全措施（PRE-45a）",
        "leak_handling": "泄露事件处置（PRE-45b）",
    },
    "internal_control": {"responsibility": "总公司主体责任和对分支机构的监督（POST-34c）"},
    "other": {"purpose": "目的和适用范围"},
}
# name, kind, value, unit, owner, which row asks for it
COMPANY = [
    ("collateral.ltv_cap", "percent", 70, "%", "underwriting", "section 4"),
    ("collateral.revaluation_months", "number", 12, "months", "underwriting", "section 4"),
    ("branch.limit_amount", "number", 500000000, "CNY", "risk", "section 4"),
    ("partner.review_months", "number", 12, "months", "partners", "PRE-26c"),
    ("claim.trigger_days", "number", 80, "days", "claims", "section 4"),
    ("commission.hold_back", "percent", 20, "%", "sales", "POST-05f"),
    ("rate.apr_comparison_basis", "text", "nominal", "word", "underwriting", "HQ-19"),
    ("measures.net_assets_grace_days", "number", 30, "days", "finance", "HQ-12"),
    ("application.max_per_device", "number", 3, "applicants", "sales", "PRE-04b"),
    ("underwriting.cases_per_underwriter", "number", 40, "cases per day", "underwriting",
     "PRE-12c"),
    ("warning.red_report_hours", "number", 24, "hours", "risk", "POST-08e"),
    ("score.drop_trigger_grades", "number", 2, "grades", "risk", "POST-09e"),
    ("regulation.check_months", "number", 6, "months", "compliance", "HQ-46"),
    ("finding.rectify_working_days", "number", 20, "working days", "compliance", "POST-34b"),
    ("self_check.answer_working_days", "number", 15, "working days", "compliance", "POST-34d"),
    ("inspection.coverage_months", "number", 12, "months", "compliance", "POST-34c"),
    ("policy.mandatory_clauses", "table", CLAUSES, "clauses by kind", "compliance",
     "PRE-12g, PRE-26b, PRE-33a, PRE-38b, PRE-45a/b"),
]


def seed(apps, schema_editor):
    parameter = apps.get_model("core", "RegulatoryParameter")
    with (DATA / "regulatory_parameters.csv").open(encoding="utf-8", newline="") as file:
        parameter.objects.bulk_create(
            parameter(
                name=row["name"],
                kind=row["kind"],
                value=json.loads(row["value"]),
                unit=row["unit"],
                valid_from=dt.date.fromisoformat(row["valid_from"]),
                effective_text=row["effective"],
                source=row["source"],
                note=row["note"],
                owner="compliance",
                verification=row["verification"],
                status="verified" if row["verification"] == "verified" else "unapproved",
            )
            for row in csv.DictReader(file)
        )
    parameter.objects.bulk_create(
        parameter(
            name=name,
            kind=kind,
            value=value,
            unit=unit,
            valid_from=SINCE,
            source=SOURCE,
            note=note,
            owner=owner,
        )
        for name, kind, value, unit, owner, note in COMPANY
    )


def seed_calendar(apps, schema_editor):
    notice = apps.get_model("core", "CalendarNotice")
    day = apps.get_model("core", "CalendarDay")
    years = {}
    with (DATA / "calendar_days.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            years.setdefault(int(row["day"][:4]), []).append(row)
    notices = notice.objects.bulk_create(
        notice(
            title=f"{year} 年节假日安排",
            source="国务院办公厅关于节假日安排的通知 (as in chinesecalendar 1.11.0, MIT)",
            opens_year=year,
            status="seeded",
        )
        for year in sorted(years)
    )
    day.objects.bulk_create(
        day(
            notice=each,
            day=dt.date.fromisoformat(row["day"]),
            kind=row["kind"],
            name=row["name"],
        )
        for each in notices
        for row in years[each.opens_year]
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0007_parameters_and_calendar")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(seed_calendar, migrations.RunPython.noop),
    ]
