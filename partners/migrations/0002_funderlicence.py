"""Licences of lenders; what was decided stays as it was."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION partners_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER funderlicence_decided_stays BEFORE UPDATE ON partners_funderlicence
    FOR EACH ROW WHEN (OLD.status <> 'proposed') EXECUTE FUNCTION partners_refuse_change();
CREATE TRIGGER funderlicence_never_deleted BEFORE DELETE ON partners_funderlicence
    FOR EACH ROW EXECUTE FUNCTION partners_refuse_change();
"""
BACKWARD = """
DROP TRIGGER funderlicence_never_deleted ON partners_funderlicence;
DROP TRIGGER funderlicence_decided_stays ON partners_funderlicence;
DROP FUNCTION partners_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FunderLicence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('funder_type', models.CharField(choices=[('bank', 'Bank'), ('trust', 'Trust company'), ('consumer_finance', 'Consumer finance company'), ('financial_leasing', 'Financial leasing company'), ('wealth_management', 'Wealth-management subsidiary of a bank'), ('group_finance', 'Finance company of a group'), ('lending', 'Lending company'), ('asset_management', 'Financial asset management company'), ('asset_investment', 'Financial asset investment company'), ('auto_finance', 'Auto finance company'), ('micro_loan', 'Micro-loan company'), ('finance_leasing', 'Finance leasing company (local supervision)'), ('factoring', 'Commercial factoring company'), ('other', 'Another kind that the head office approved')], max_length=20)),
                ('licence_no', models.CharField(max_length=80)),
                ('issuer', models.CharField(max_length=120)),
                ('standing', models.CharField(choices=[('active', 'Active'), ('suspended', 'Suspended'), ('revoked', 'Revoked')], max_length=10)),
                ('funds_source', models.CharField(choices=[('own', 'Own funds'), ('entrusted', 'Entrusted funds')], max_length=10)),
                ('declaration', models.CharField(help_text="number and day of the lender's own declaration of its funds", max_length=200)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(help_text='first day on which it no longer holds', null=True)),
                ('reason', models.TextField()),
                ('status', models.CharField(choices=[('proposed', 'Proposed'), ('approved', 'Approved'), ('refused', 'Refused')], default='proposed', max_length=10)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('remark', models.TextField(blank=True, default='')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licences', to='partners.lender')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['lender', 'valid_from'], name='funderlicence_lender')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='funderlicence_dates_in_order'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='funderlicence_maker_is_not_checker', violation_error_message='Whoever proposes a licence does not approve it.'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('status', 'proposed')), models.Q(models.Q(('status', 'proposed'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='funderlicence_decided_has_instant')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
