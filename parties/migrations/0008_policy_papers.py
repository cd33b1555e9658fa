"""Papers of policies are kept by a rule as everything else. Source: PRE-10a-d."""

import datetime as dt

from django.db import migrations, models

RULE = {
    "kind": "policy_paper",
    "short_years": 5,
    "long_years": 10,
    "floor_years": 10,
    "dispute_years": 2,
    "valid_from": dt.date(2020, 1, 1),
    "source": "PRE-10a-c；反洗钱法第三十四条：身份资料至少十年",
}


def seed(apps, schema_editor):
    apps.get_model("parties", "RetentionRule").objects.create(**RULE)


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0007_same_parties'),
    ]

    operations = [
        migrations.AlterField(
            model_name='deletionline',
            name='kind',
            field=models.CharField(choices=[('identity', 'Identity of a party'), ('lender_file', 'Lender file with rejected lines'), ('warning_evidence', "Evidence of a warning's step"), ('finance_file', 'Finance figures'), ('report_file', 'Files of a quarterly report'), ('export_file', 'File made for an export'), ('policy_paper', 'Papers of a policy')], max_length=20),
        ),
        migrations.AlterField(
            model_name='keptrecord',
            name='kind',
            field=models.CharField(choices=[('identity', 'Identity of a party'), ('lender_file', 'Lender file with rejected lines'), ('warning_evidence', "Evidence of a warning's step"), ('finance_file', 'Finance figures'), ('report_file', 'Files of a quarterly report'), ('export_file', 'File made for an export'), ('policy_paper', 'Papers of a policy')], max_length=20),
        ),
        migrations.AlterField(
            model_name='retentionrule',
            name='kind',
            field=models.CharField(choices=[('identity', 'Identity of a party'), ('lender_file', 'Lender file with rejected lines'), ('warning_evidence', "Evidence of a warning's step"), ('finance_file', 'Finance figures'), ('report_file', 'Files of a quarterly report'), ('export_file', 'File made for an export'), ('policy_paper', 'Papers of a policy')], max_length=20),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
