"""Recusal from anything that waits, releases by a second person, one index for one number."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.contacts import normal_address, normal_card, normal_phone
from core.encryption import blind_index, seal, unseal
from core.row_security import protect

SEEN = """
EXISTS (SELECT FROM organization_authoritycase whole WHERE whole.id = case_id)
OR unit_id IN (SELECT sees_unit_ids()) OR person_id = (SELECT sees_as()) OR EXISTS (
    SELECT FROM organization_workitem w
    WHERE w.subject_type = organization_recusalentry.subject_type
        AND w.subject_id = organization_recusalentry.subject_id
        AND w.finished_at IS NULL AND w.holder_id = (SELECT sees_as()))
"""
BEFORE = "EXISTS (SELECT FROM organization_authoritycase whole WHERE whole.id = case_id)"
FILL = """
ALTER TABLE organization_recusalentry DISABLE TRIGGER recusalentry_append_only;
UPDATE organization_recusalentry e SET subject_type = 'organization.authoritycase',
    subject_id = e.case_id::text, unit_id = c.unit_id
FROM organization_authoritycase c WHERE c.id = e.case_id;
ALTER TABLE organization_recusalentry ENABLE TRIGGER recusalentry_append_only;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
# who must stay out is told whoever asks: an administrator hands over what they do not see
TRAITS = """
CREATE FUNCTION organization_case_traits(given bigint) RETURNS TABLE (kind text, idx bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.kind, i.index FROM organization_caseidentity i
    JOIN organization_caseparty p ON p.id = i.party_id WHERE p.case_id = given
$$;
CREATE FUNCTION organization_case_maker(given bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.maker_id FROM organization_authoritycase c WHERE c.id = given
$$;
"""
NO_TRAITS = """
DROP FUNCTION organization_case_traits(bigint); DROP FUNCTION organization_case_maker(bigint);
"""
FORMS = {
    "phone": ("contact:phone", normal_phone),
    "account": ("contact:card", normal_card),
    "address": ("contact:address", normal_address),
}
VALUE = "organization_{}.sealed_value"


def _index(kind, value):
    purpose, form = FORMS[kind]
    return blind_index(form(value) or value, purpose=purpose)


def index_as_the_house(apps, schema_editor):
    """Find telephones, accounts and addresses under the index that the parties use as well."""
    get = lambda name: apps.get_model("organization", name)
    for model, owner in (("StaffIdentity", "person_id"), ("CaseIdentity", "party_id")):
        column = VALUE.format(model.lower())
        for row in get(model).objects.filter(kind__in=FORMS):
            place = getattr(row, owner)
            value = unseal(row.sealed_value, column=column, key=f"{place}:{bytes(row.index).hex()}")
            row.index = _index(row.kind, value)
            row.sealed_value = seal(value, column=column, key=f"{place}:{row.index.hex()}")
            row.save(update_fields=["index", "sealed_value"])
    column, named = VALUE.format("declaredrelation"), "organization_declaredrelation.sealed_name"
    for row in get("DeclaredRelation").objects.filter(identity_kind__in=FORMS):
        before = bytes(row.index).hex()
        value = unseal(row.sealed_value, column=column, key=before)
        name = unseal(row.sealed_name, column=named, key=before) if row.sealed_name else None
        row.index = _index(row.identity_kind, value)
        row.sealed_value = seal(value, column=column, key=row.index.hex())
        row.sealed_name = seal(name, column=named, key=row.index.hex()) if name else None
        row.save(update_fields=["index", "sealed_value", "sealed_name"])


class Migration(migrations.Migration):

    dependencies = [
        ('organization', '0013_messages_seen'),
        ('core', '0010_limits_of_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='RecusalRelease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(choices=[('ended', 'It has ended'), ('wrong', 'It was recorded wrongly')], max_length=8)),
                ('reason', models.CharField(max_length=500)),
                ('status', models.CharField(choices=[('asked', 'Waits for confirmation'), ('confirmed', 'Confirmed'), ('refused', 'Refused')], default='asked', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('remark', models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='recusalentry',
            name='recusal_logged_once',
        ),
        migrations.AddField(
            model_name='authoritycase',
            name='is_internet',
            field=models.BooleanField(default=False, help_text='internet business'),
        ),
        migrations.AddField(
            model_name='recusalentry',
            name='subject_id',
            field=models.CharField(default='', max_length=40),
        ),
        migrations.AddField(
            model_name='recusalentry',
            name='subject_type',
            field=models.CharField(default='', max_length=80),
        ),
        migrations.AddField(
            model_name='recusalentry',
            name='unit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='recusalentry',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit'),
        ),
        migrations.AlterField(
            model_name='recusalentry',
            name='subject_id',
            field=models.CharField(max_length=40),
        ),
        migrations.AlterField(
            model_name='recusalentry',
            name='subject_type',
            field=models.CharField(max_length=80),
        ),
        migrations.AlterField(
            model_name='recusalentry',
            name='case',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recusals', to='organization.authoritycase'),
        ),
        migrations.AlterField(
            model_name='recusalentry',
            name='stage',
            field=models.CharField(choices=[('submission', 'Submission'), ('assignment', 'Assignment'), ('signing', 'Signing'), ('voting', 'Voting')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='recusalentry',
            constraint=models.UniqueConstraint(fields=('subject_type', 'subject_id', 'person', 'stage', 'source', 'kind'), name='recusal_logged_once'),
        ),
        migrations.AddField(
            model_name='recusalrelease',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recusalrelease',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recusalrelease',
            name='identity',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='organization.staffidentity'),
        ),
        migrations.AddField(
            model_name='recusalrelease',
            name='relation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='organization.declaredrelation'),
        ),
        migrations.AddIndex(
            model_name='recusalrelease',
            index=models.Index(fields=['status', 'asked_at'], name='release_waiting'),
        ),
        migrations.AddConstraint(
            model_name='recusalrelease',
            constraint=models.CheckConstraint(condition=models.Q(('identity__isnull', False), ('relation__isnull', False), _connector='XOR'), name='release_of_an_identity_or_a_relation'),
        ),
        migrations.AddConstraint(
            model_name='recusalrelease',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='release_maker_is_not_checker', violation_error_message='Whoever asks for a release does not confirm it.'),
        ),
        migrations.AddConstraint(
            model_name='recusalrelease',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('status', 'asked')), models.Q(models.Q(('status', 'asked'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='release_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='recusalrelease',
            constraint=models.UniqueConstraint(condition=models.Q(('identity__isnull', False), ('status', 'asked')), fields=('identity',), name='release_one_open_per_identity', violation_error_message='A release of it waits already.'),
        ),
        migrations.AddConstraint(
            model_name='recusalrelease',
            constraint=models.UniqueConstraint(condition=models.Q(('relation__isnull', False), ('status', 'asked')), fields=('relation',), name='release_one_open_per_relation', violation_error_message='A release of it waits already.'),
        ),
        migrations.RunSQL(
            f"ALTER POLICY organization_recusalentry_seen ON organization_recusalentry USING ({SEEN})",
            f"ALTER POLICY organization_recusalentry_seen ON organization_recusalentry USING ({BEFORE})",
        ),
        migrations.RunSQL(TRAITS, NO_TRAITS),
        protect(
            "organization_recusalrelease",
            "asked_by_id = (SELECT sees_as()) OR (SELECT sees_everything())",
        ),
        migrations.RunPython(index_as_the_house, migrations.RunPython.noop),
    ]
