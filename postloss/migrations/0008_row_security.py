"""History, figures and warnings are seen in the scope of the person alone. Source: A4."""

from django.db import migrations

from core.row_security import protect

ALL = "(SELECT sees_everything())"
UNIT = "unit_id IN (SELECT sees_unit_ids())"
SEGMENT = f"{ALL} OR EXISTS (SELECT FROM underwriting_segment s WHERE s.id = segment_id)"
WARNING = f"{ALL} OR EXISTS (SELECT FROM postloss_riskwarning w WHERE w.id = warning_id)"
LINE = f"""
{ALL} OR EXISTS (
    SELECT FROM partners_lenderfile f
    JOIN postloss_loanstatus s ON s.file_id = f.id
        AND s.as_of >= f.month AND s.as_of < f.month + interval '1 month'
    WHERE f.id = postloss_finding.file_id AND s.line_no = postloss_finding.line_no
) OR EXISTS (
    SELECT FROM underwriting_loanterms t
    WHERE t.file_id = postloss_finding.file_id AND t.line_no = postloss_finding.line_no)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("postloss", "0007_figure_without_spare_indexes"),
        ("underwriting", "0003_row_security"),
    ]
    operations = [
        protect("postloss_figure", UNIT),
        protect("postloss_migration", UNIT),
        protect("postloss_dailyageing", UNIT),
        protect("postloss_riskwarning", f"{UNIT} OR slice_unit_id IN (SELECT sees_unit_ids())"),
        protect("postloss_warningstep", WARNING),
        protect("postloss_warningobservation", WARNING),
        protect("postloss_snapshot", SEGMENT),
        protect("postloss_cell", SEGMENT),
        protect(
            "postloss_loanstatus",
            f"{ALL} OR EXISTS (SELECT FROM underwriting_loan l WHERE l.id = loan_id)",
        ),
        protect("postloss_finding", LINE),
        protect("postloss_rejectedline", ALL),
    ]
