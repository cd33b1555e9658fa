"""What the filed price assumes; it rests with its version. Source: PRE-33c."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('products', '0004_ceilings'),
    ]

    operations = [
        migrations.CreateModel(
            name='PriceAssumption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('loss_ratio', 'Assumed loss ratio'), ('expense_ratio', 'Assumed expense ratio'), ('surrender_rate', 'Assumed surrender rate'), ('overdue_rate', 'Assumed overdue rate')], max_length=20)),
                ('value', models.DecimalField(decimal_places=6, max_digits=9)),
                ('source', models.CharField(blank=True, default='', max_length=200)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assumptions', to='products.productversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'code'), name='assumption_once'), models.CheckConstraint(condition=models.Q(('value__gte', 0), ('value__lte', 2)), name='assumption_is_a_fraction', violation_error_message='An assumed ratio is a fraction from 0 to 2.')],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER assumption_rests_with_version BEFORE INSERT OR UPDATE OR DELETE"
            " ON products_priceassumption FOR EACH ROW EXECUTE FUNCTION products_keep_terms()",
            "DROP TRIGGER assumption_rests_with_version ON products_priceassumption",
        ),
    ]
