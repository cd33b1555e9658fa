"""Messages are their recipient's; who looks after delivery sees what became of them, not the words.

Anybody may write a message to anybody, so these tables have a policy for each verb. Source: A4.
"""

from django.db import migrations

MINE = "to_id = (SELECT sees_as())"
KEEPERS = "(SELECT sees_as_kind('audit')) OR (SELECT sees_as_kind('system'))"
FORWARD = f"""
ALTER TABLE core_message ENABLE ROW LEVEL SECURITY;
ALTER TABLE core_message FORCE ROW LEVEL SECURITY;
CREATE POLICY core_message_seen ON core_message FOR SELECT USING ({MINE} OR {KEEPERS});
CREATE POLICY core_message_sent ON core_message FOR INSERT WITH CHECK (true);
CREATE POLICY core_message_moved ON core_message FOR UPDATE
    USING ({MINE} OR (SELECT sees_as_kind('system')));
ALTER TABLE core_delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE core_delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY core_delivery_seen ON core_delivery FOR SELECT
    USING (EXISTS (SELECT FROM core_message m WHERE m.id = message_id));
CREATE POLICY core_delivery_noted ON core_delivery FOR INSERT WITH CHECK (true);
"""
BACKWARD = """
DROP POLICY core_delivery_noted ON core_delivery; DROP POLICY core_delivery_seen ON core_delivery;
ALTER TABLE core_delivery NO FORCE ROW LEVEL SECURITY;
ALTER TABLE core_delivery DISABLE ROW LEVEL SECURITY;
DROP POLICY core_message_moved ON core_message; DROP POLICY core_message_sent ON core_message;
DROP POLICY core_message_seen ON core_message;
ALTER TABLE core_message NO FORCE ROW LEVEL SECURITY;
ALTER TABLE core_message DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0012_work_declared"),
        ("core", "0011_messages"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
