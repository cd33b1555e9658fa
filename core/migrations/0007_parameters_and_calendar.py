"""Parameters get their series, their two people and their kind; the calendar its tables."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Of a row that somebody decided on, or that was read in its text, only the end and the decision
# may still be written; the days of a calendar are only added to.
FORWARD = """
CREATE FUNCTION core_parameter_keeps_its_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'unapproved' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE'
        OR (OLD.name, OLD.kind, OLD.value, OLD.unit, OLD.valid_from, OLD.effective_text,
            OLD.source, OLD.note, OLD.verification, OLD.reason, OLD.proposed_by_id, OLD.proposed_at)
        IS DISTINCT FROM
           (NEW.name, NEW.kind, NEW.value, NEW.unit, NEW.valid_from, NEW.effective_text,
            NEW.source, NEW.note, NEW.verification, NEW.reason, NEW.proposed_by_id, NEW.proposed_at)
        OR (OLD.status <> 'proposed' AND
            (OLD.approved_by_id, OLD.approved_at, OLD.rejected_by_id, OLD.rejected_at,
             OLD.decision_remark)
            IS DISTINCT FROM
            (NEW.approved_by_id, NEW.approved_at, NEW.rejected_by_id, NEW.rejected_at,
             NEW.decision_remark))
        OR (OLD.status <> NEW.status AND NOT
            (OLD.status = 'proposed' AND NEW.status IN ('approved', 'rejected')
             OR OLD.status = 'approved' AND NEW.status = 'superseded'))
    THEN
        RAISE EXCEPTION '% keeps its content', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER parameter_keeps_its_content BEFORE UPDATE OR DELETE ON core_regulatoryparameter
    FOR EACH ROW EXECUTE FUNCTION core_parameter_keeps_its_content();
CREATE TRIGGER calendarday_append_only BEFORE UPDATE OR DELETE ON core_calendarday
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
BACKWARD = """
DROP TRIGGER calendarday_append_only ON core_calendarday;
DROP TRIGGER parameter_keeps_its_content ON core_regulatoryparameter;
DROP FUNCTION core_parameter_keeps_its_content();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0006_field_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('kind', models.CharField(choices=[('workday', 'Working day'), ('weekend', 'Weekend'), ('holiday', 'Public holiday'), ('make_up', 'Make-up working day')], max_length=8)),
                ('name', models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='CalendarNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('source', models.CharField(max_length=300)),
                ('opens_year', models.PositiveIntegerField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('status', models.CharField(choices=[('seeded', 'Shipped with the product'), ('proposed', 'Proposed'), ('approved', 'Approved'), ('rejected', 'Rejected')], default='proposed', max_length=10)),
                ('proposed_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='regulatoryparameter',
            name='parameter_one_per_start',
        ),
        migrations.AddField(
            model_name='regulatoryparameter',
            name='approved_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='regulatoryparameter',
            name='decision_remark',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='regulatoryparameter',
            name='effective_text',
            field=models.CharField(blank=True, default='', help_text='where the first day is unsure', max_length=80),
        ),
        migrations.AddField(
            model_name='regulatoryparameter',
            name='kind',
            field=models.CharField(blank=True, choices=[('number', 'Numeric value'), ('percent', 'Percentage'), ('boolean', 'Yes or no'), ('text', 'Text'), ('list', 'List'), ('table', 'Table'), ('rule', 'Rule in words')], default='', max_length=10),
        ),
        migrations.AddField(
            model_name='regulatoryparameter',
            name='note',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='regulatoryparameter',
            name='owner',
            field=models.CharField(blank=True, default='', help_text='department', max_length=80),
        ),
        migrations.AddField(
            model_name='regulatoryparameter',
            name='proposed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='regulatoryparameter',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='regulatoryparameter',
            name='reason',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='regulatoryparameter',
            name='rejected_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='regulatoryparameter',
            name='rejected_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='regulatoryparameter',
            name='superseded_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.regulatoryparameter'),
        ),
        migrations.AddField(
            model_name='regulatoryparameter',
            name='verification',
            field=models.CharField(choices=[('verified', 'Read in the text'), ('memory_high', 'From memory, likely'), ('memory_low', 'From memory, uncertain'), ('company', 'Set by the company')], default='company', max_length=12),
        ),
        migrations.AlterField(
            model_name='regulatoryparameter',
            name='status',
            field=models.CharField(choices=[('unapproved', 'Unapproved'), ('verified', 'Checked against the text'), ('proposed', 'Proposed'), ('approved', 'Approved'), ('rejected', 'Rejected'), ('superseded', 'Superseded')], default='unapproved', max_length=12),
        ),
        migrations.AlterField(
            model_name='regulatoryparameter',
            name='unit',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddIndex(
            model_name='regulatoryparameter',
            index=models.Index(fields=['name', 'valid_from'], name='parameter_by_name'),
        ),
        migrations.AddConstraint(
            model_name='regulatoryparameter',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['unapproved', 'verified'])), fields=('name', 'valid_from'), name='parameter_one_starter_per_start'),
        ),
        migrations.AddConstraint(
            model_name='regulatoryparameter',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status', 'approved')), expressions=[('name', '='), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='parameter_approved_do_not_overlap', violation_error_message='Another approved value covers some of these days.'),
        ),
        migrations.AddConstraint(
            model_name='regulatoryparameter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['proposed', 'approved', 'rejected', 'superseded']), _negated=True), models.Q(('proposed_at__isnull', False), ('proposed_by__isnull', False)), _connector='OR'), name='parameter_proposed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='regulatoryparameter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('status__in', ['approved', 'superseded'])), models.Q(models.Q(('status__in', ['approved', 'superseded']), _negated=True), ('approved_at__isnull', True), ('approved_by__isnull', True)), _connector='OR'), name='parameter_approved_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='regulatoryparameter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rejected_at__isnull', False), ('rejected_by__isnull', False), ('status', 'rejected')), models.Q(models.Q(('status', 'rejected'), _negated=True), ('rejected_at__isnull', True), ('rejected_by__isnull', True)), _connector='OR'), name='parameter_rejected_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='regulatoryparameter',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='parameter_maker_is_not_checker', violation_error_message='Whoever proposes a value does not approve it.'),
        ),
        migrations.AddField(
            model_name='calendarnotice',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='calendarnotice',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='calendarday',
            name='notice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days', to='core.calendarnotice'),
        ),
        migrations.AddConstraint(
            model_name='calendarnotice',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'seeded'), models.Q(('proposed_at__isnull', False), ('proposed_by__isnull', False)), _connector='OR'), name='calendarnotice_proposed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='calendarnotice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('status__in', ['approved', 'rejected'])), models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('status__in', ['seeded', 'proposed'])), _connector='OR'), name='calendarnotice_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='calendarnotice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'approved'), _negated=True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='calendarnotice_maker_is_not_checker', violation_error_message='Whoever proposes a calendar does not approve it.'),
        ),
        migrations.AddConstraint(
            model_name='calendarnotice',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['seeded', 'approved'])), fields=('opens_year',), name='calendarnotice_year_opened_once'),
        ),
        migrations.AddIndex(
            model_name='calendarday',
            index=models.Index(fields=['day'], name='calendarday_day'),
        ),
        migrations.AddConstraint(
            model_name='calendarday',
            constraint=models.UniqueConstraint(fields=('notice', 'day'), name='calendarday_once_per_notice'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
