"""Loans are seen where a confirmed name leads into the scope; controls also from above. A4."""

from django.db import migrations

from core.row_security import protect

SEGMENT = """
(SELECT sees_everything()) OR EXISTS (
    SELECT FROM underwriting_namemapping m
    WHERE m.lender_id = underwriting_segment.lender_id
        AND m.book_name_id = underwriting_segment.branch_id
        AND m.confirmed_at IS NOT NULL AND m.unit_id IN (SELECT sees_unit_ids()))
"""
LOAN = """
(SELECT sees_everything()) OR EXISTS (
    SELECT FROM underwriting_segment s WHERE s.id = segment_id)
"""
CONTROL = """
responsible_unit_id IN (SELECT sees_unit_ids())
OR unit_id IN (SELECT sees_unit_ids())
OR EXISTS (
    SELECT FROM organization_unit u
    WHERE u.id = responsible_unit_id
        AND starts_with(nullif(current_setting('xinbao.scope', true), ''), u.path))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("underwriting", "0002_controls"),
        ("organization", "0005_what_a_person_sees"),
    ]
    operations = [
        protect("underwriting_segment", SEGMENT),
        protect("underwriting_loan", LOAN),
        protect("underwriting_loanterms", LOAN),
        protect("underwriting_control", CONTROL),
        protect(
            "parties_party",
            "(SELECT sees_everything()) OR EXISTS ("
            "SELECT FROM underwriting_loan l WHERE l.obligor_id = parties_party.id)",
        ),
        protect(
            "partners_lenderfile",
            "(SELECT sees_everything()) OR EXISTS (SELECT FROM underwriting_segment s"
            " WHERE s.lender_id = partners_lenderfile.lender_id)",
        ),
    ]
