"""Which entry was the last of the book when the closing of a month was prepared."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0009_year_and_returns")]
    operations = [
        migrations.AddField(
            "ledgerperiod",
            "prepared_through",
            models.BigIntegerField(
                help_text="last entry of the book when it was prepared", null=True
            ),
        )
    ]
