"""Which lender a warning speaks of: told whoever asks, for who must stay out hangs on it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION postloss_slice_of_warning(given bigint)
RETURNS TABLE (lender bigint, dimension text, value text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT w.lender_id, w.dimension, w.value FROM postloss_riskwarning w WHERE w.id = given
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("postloss", "0009_sight_of_held_work")]
    operations = [
        migrations.RunSQL(FORWARD, "DROP FUNCTION postloss_slice_of_warning(bigint);"),
    ]
