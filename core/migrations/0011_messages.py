"""Messages, their words and deliveries, and the outbox; the database keeps what was said."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


# Words stay as they were proposed; of a version only the decision is written, once.
FORWARD = """
CREATE TRIGGER delivery_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core_delivery
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE FUNCTION core_template_keeps_its_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'proposed'
        OR (OLD.code, OLD.channel, OLD.language, OLD.version, OLD.subject, OLD.body,
            OLD.placeholders, OLD.valid_from, OLD.reason, OLD.proposed_by_id, OLD.proposed_at)
        IS DISTINCT FROM
           (NEW.code, NEW.channel, NEW.language, NEW.version, NEW.subject, NEW.body,
            NEW.placeholders, NEW.valid_from, NEW.reason, NEW.proposed_by_id, NEW.proposed_at)
    THEN
        RAISE EXCEPTION '% keeps its words', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER template_keeps_its_words BEFORE UPDATE OR DELETE ON core_messagetemplate
    FOR EACH ROW EXECUTE FUNCTION core_template_keeps_its_words();
"""
BACKWARD = """
DROP TRIGGER template_keeps_its_words ON core_messagetemplate;
DROP FUNCTION core_template_keeps_its_words();
DROP TRIGGER delivery_append_only ON core_delivery;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0010_limits_of_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MessageTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60)),
                ('channel', models.CharField(choices=[('in_app', 'In the application'), ('email', 'E-mail'), ('sms', 'SMS')], max_length=6)),
                ('language', models.CharField(choices=[('zh-hans', 'Simplified Chinese'), ('en', 'English')], max_length=10)),
                ('version', models.PositiveIntegerField()),
                ('subject', models.CharField(max_length=120)),
                ('body', models.TextField()),
                ('placeholders', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('valid_from', models.DateField()),
                ('status', models.CharField(choices=[('proposed', 'Proposed'), ('approved', 'Approved'), ('rejected', 'Rejected')], default='proposed', max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision_remark', models.TextField(blank=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('code', 'channel', 'language', 'version'), name='messagetemplate_one_per_version', violation_error_message='Somebody else proposed this version just now.'),
                    models.UniqueConstraint(condition=models.Q(('status', 'proposed')), fields=('code', 'channel', 'language'), name='messagetemplate_one_proposal', violation_error_message='A proposal waits already; decide on that one first.'),
                    models.CheckConstraint(condition=models.Q(('status', 'proposed'), ('decided_at__isnull', False), _connector='XOR'), name='messagetemplate_decided_has_time'),
                    models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='messagetemplate_maker_is_not_checker', violation_error_message='Whoever proposes a template does not decide on it.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('in_app', 'In the application'), ('email', 'E-mail'), ('sms', 'SMS')], max_length=6)),
                ('sealed_address', models.BinaryField(null=True)),
                ('address_index', models.BinaryField(null=True)),
                ('sealed_values', models.BinaryField()),
                ('subject_type', models.CharField(blank=True, max_length=80)),
                ('subject_id', models.CharField(blank=True, max_length=80)),
                ('url', models.CharField(blank=True, help_text='a page of ours', max_length=300)),
                ('key', models.CharField(blank=True, max_length=200)),
                ('is_urgent', models.BooleanField(default=False)),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('delivered', 'Delivered'), ('failed', 'Failed'), ('unclear', 'Unclear'), ('declined', 'Not wanted by the recipient')], max_length=9)),
                ('created_at', models.DateTimeField()),
                ('not_before', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to=settings.AUTH_USER_MODEL)),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='core.messagetemplate')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('channel', 'in_app')), fields=['to', '-created_at'], name='message_mine'),
                    models.Index(condition=models.Q(('channel', 'in_app'), ('read_at__isnull', True), ('status', 'delivered')), fields=['to'], name='message_unread'),
                    models.Index(fields=['-created_at'], name='message_newest'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('to__isnull', False), ('address_index__isnull', False), _connector='OR'), name='message_is_to_somebody'),
                    models.CheckConstraint(condition=models.Q(models.Q(('channel', 'in_app'), ('sealed_address__isnull', True)), models.Q(models.Q(('channel', 'in_app'), _negated=True), ('sealed_address__isnull', False)), _connector='OR'), name='message_outside_has_address'),
                    models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'sending']), ('settled_at__isnull', False), _connector='XOR'), name='message_settled_has_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='OutboxEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=80)),
                ('due_at', models.DateTimeField()),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['due_at'], name='outbox_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('done_at__isnull', True)), fields=('topic', 'subject'), name='outbox_one_open_per_subject')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('attempt', models.PositiveIntegerField()),
                ('outcome', models.CharField(choices=[('started', 'Attempt begun'), ('delivered', 'Delivered'), ('failed', 'Failed'), ('unclear', 'Unclear'), ('confirmed', 'Delivered, a person confirmed'), ('again', 'A person sends it again'), ('read', 'Read')], max_length=9)),
                ('carrier', models.CharField(blank=True, max_length=40)),
                ('receipt', models.CharField(blank=True, help_text="the channel's own number", max_length=200)),
                ('at', models.DateTimeField()),
                ('remark', models.TextField(blank=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='core.message')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('message', 'attempt', 'outcome'), name='delivery_said_once')],
            },
        ),
        migrations.CreateModel(
            name='MessageAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('in_app', 'In the application'), ('email', 'E-mail'), ('sms', 'SMS')], max_length=6)),
                ('sealed_address', models.BinaryField()),
                ('changed_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='message_addresses', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'channel'), name='messageaddress_one_per_channel'), models.CheckConstraint(condition=models.Q(('channel', 'in_app'), _negated=True), name='messageaddress_is_outside')],
            },
        ),
        migrations.CreateModel(
            name='MessageOptOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60)),
                ('address_index', models.BinaryField(null=True)),
                ('since', models.DateTimeField()),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='message_opt_outs', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('person__isnull', False), ('address_index__isnull', False), _connector='XOR'), name='messageoptout_is_of_somebody'), models.UniqueConstraint(fields=('code', 'person'), name='messageoptout_person_once'), models.UniqueConstraint(fields=('code', 'address_index'), name='messageoptout_address_once')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
