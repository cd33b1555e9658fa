"""Loan status by month and snapshots by version, as partitioned tables. Source: POST-09c, HQ-44."""

from django.db import migrations

FORWARD = """
CREATE TABLE postloss_loanstatus (
    loan_id bigint NOT NULL,
    as_of date NOT NULL,
    file_id bigint NOT NULL,
    line_no integer NOT NULL,
    status smallint NOT NULL CHECK (status BETWEEN 0 AND 4),
    days_overdue integer NOT NULL CHECK (days_overdue >= 0),
    instalments_overdue integer NOT NULL CHECK (instalments_overdue >= 0),
    instalments_due integer,
    due_on date,
    due_fen bigint,
    paid_fen bigint,
    outstanding_fen bigint NOT NULL,
    PRIMARY KEY (loan_id, as_of, file_id)
) PARTITION BY RANGE (as_of);

CREATE TABLE postloss_snapshot (
    month_end_id bigint NOT NULL,
    loan_id bigint NOT NULL,
    segment_id bigint NOT NULL,
    file_id bigint NOT NULL,
    balance_fen bigint NOT NULL,
    before_fen bigint,
    paid_fen bigint,
    line_no integer NOT NULL,
    as_of date NOT NULL,
    days_overdue integer NOT NULL,
    instalments_overdue integer NOT NULL,
    bucket smallint NOT NULL CHECK (bucket BETWEEN 0 AND 7),
    before_bucket smallint,
    basis_differs boolean NOT NULL,
    PRIMARY KEY (month_end_id, loan_id)
) PARTITION BY LIST (month_end_id);
"""
BACKWARD = "DROP TABLE postloss_snapshot; DROP TABLE postloss_loanstatus;"


class Migration(migrations.Migration):
    dependencies = [("postloss", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
