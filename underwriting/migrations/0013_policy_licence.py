"""The licence by which the lender of a policy was a funder on the day of issue."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0002_funderlicence'),
        ('underwriting', '0012_notices_and_territories'),
    ]

    operations = [
        migrations.AddField(
            model_name='policy',
            name='licence',
            field=models.ForeignKey(db_index=False, help_text='by which the lender was a funder on the day of issue', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.funderlicence'),
        ),
    ]
