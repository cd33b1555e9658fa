"""Notices to obligors, and the territories in which a branch issues. PRE-02i, PRE-24a."""

import datetime as dt

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.row_security import protect

OF_POLICY = "EXISTS (SELECT FROM underwriting_policy p WHERE p.id = policy_id)"
PARAMETERS = (
    # name, kind, value, unit, source, note
    (
        "policy.obligor_notice_days", "number", 15, "natural days",
        "company policy (starter value)", "PRE-02i",
    ),
    ("issue.territories", "table", {}, "", "company policy (starter value)", "PRE-24a"),
    ("issue.authorised_territories", "table", {}, "", "company policy (starter value)", "PRE-24a"),
)


def seed(apps, schema_editor):
    parameter = apps.get_model("core", "RegulatoryParameter")
    for name, kind, value, unit, source, note in PARAMETERS:
        parameter.objects.create(
            name=name, kind=kind, value=value, unit=unit, valid_from=dt.date(2015, 1, 1),
            source=source, note=note,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0013_number_series'),
        ('organization', '0022_policies_seeds'),
        ('parties', '0008_policy_papers'),
        ('partners', '0001_initial'),
        ('products', '0004_ceilings'),
        ('underwriting', '0011_premium_corrections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ObligorNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(default=0)),
                ('demanded_at', models.DateTimeField()),
                ('due_on', models.DateField(help_text='last day for the proof')),
                ('notified_on', models.DateField(null=True)),
                ('how', models.CharField(blank=True, max_length=300)),
                ('recorded_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='policy',
            name='territory',
            field=models.CharField(blank=True, choices=[('head_office', 'Issued by the head office'), ('own', 'Own territory'), ('authorised', 'Authorised by the head office'), ('unknown', 'Territory not known: complete it'), ('outside', 'Outside the territory')], help_text='right to issue, as judged', max_length=12),
        ),
        migrations.AddField(
            model_name='quote',
            name='region',
            field=models.CharField(blank=True, help_text='of the policyholder, GB/T 2260; empty: not known', max_length=6),
        ),
        migrations.AlterField(
            model_name='policydocument',
            name='kind',
            field=models.CharField(choices=[('policy', 'Policy'), ('certificate', 'Certificate of insurance'), ('endorsement', 'Endorsement'), ('demand', 'Demand letter: notify the obligor')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='quote',
            constraint=models.CheckConstraint(condition=models.Q(('region__regex', '^(\\d{2}|\\d{4}|\\d{6})?$')), name='quote_region_is_code', violation_error_message='A region is two, four or six digits.'),
        ),
        migrations.AddField(
            model_name='obligornotice',
            name='insured',
            field=models.ForeignKey(help_text='who is to notify', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.lender'),
        ),
        migrations.AddField(
            model_name='obligornotice',
            name='policy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='obligor_notices', to='underwriting.policy'),
        ),
        migrations.AddField(
            model_name='obligornotice',
            name='proof',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile'),
        ),
        migrations.AddField(
            model_name='obligornotice',
            name='recorded_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='obligornotice',
            constraint=models.UniqueConstraint(fields=('policy', 'number'), name='obligornotice_once'),
        ),
        migrations.AddConstraint(
            model_name='obligornotice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('how', ''), ('notified_on__isnull', True), ('proof__isnull', True), ('recorded_at__isnull', True), ('recorded_by__isnull', True)), models.Q(('notified_on__isnull', False), ('proof__isnull', False), ('recorded_at__gte', models.F('demanded_at')), ('recorded_by__isnull', False), models.Q(('how', ''), _negated=True)), _connector='OR'), name='obligornotice_proven_whole', violation_error_message='A notice needs its proof.'),
        ),
        protect("underwriting_obligornotice", OF_POLICY),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
