"""Cells: how many loans and how much of a segment went from bucket to bucket, by month-end version.

`sum_whole` is a sum of bigint that stays a bigint: exact, refused on overflow, and cheaper than
`sum`, which goes by numeric.
"""

from django.db import migrations

FORWARD = """
CREATE AGGREGATE sum_whole(bigint)
    (SFUNC = int8pl, STYPE = bigint, COMBINEFUNC = int8pl, PARALLEL = SAFE);

CREATE TABLE postloss_cell (
    month_end_id bigint NOT NULL,
    segment_id bigint NOT NULL,
    before_bucket smallint,
    bucket smallint NOT NULL,
    loans bigint NOT NULL,
    balance_fen bigint NOT NULL,
    before_fen bigint,
    differs bigint NOT NULL
) PARTITION BY LIST (month_end_id);
"""
BACKWARD = "DROP TABLE postloss_cell; DROP AGGREGATE sum_whole(bigint);"


class Migration(migrations.Migration):
    dependencies = [("postloss", "0005_daily_ageing")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
