"""What loans are for and whose business; who sees an obligor by its policies too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.row_security import protect, widen

BEFORE = """
(SELECT sees_everything()) OR EXISTS (
    SELECT FROM underwriting_loan l WHERE l.obligor_id = underwriting_{name}.obligor_id)
"""
OBLIGOR = (
    BEFORE
    + """
OR EXISTS (SELECT FROM underwriting_policy p WHERE p.obligor_id = underwriting_{name}.obligor_id)
"""
)
SEEN = ("sizeclassification", "inclusiveflag")


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0007_same_parties'),
        ('partners', '0002_funderlicence'),
        ('underwriting', '0013_policy_licence'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BusinessUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contract_no', models.CharField(max_length=60)),
                ('is_business', models.BooleanField()),
                ('role', models.CharField(blank=True, choices=[('sole_trader', "Sole trader: the trade is the obligor's own"), ('legal_representative', 'Legal representative'), ('spouse', 'Spouse of the owner'), ('major_shareholder', 'Major shareholder'), ('controller', 'Actual controller')], max_length=20)),
                ('relation_proof', models.CharField(blank=True, max_length=200)),
                ('purpose_proof', models.CharField(max_length=200)),
                ('noted_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('enterprise', models.ForeignKey(help_text='whose business; of a sole trader the obligor itself', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party')),
                ('lender', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.lender')),
                ('obligor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['lender', 'contract_no', '-noted_on'], name='businessuse_loan')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('enterprise__isnull', False), ('is_business', True), models.Q(('role', ''), _negated=True), models.Q(('relation_proof', ''), _negated=True)), models.Q(('enterprise__isnull', True), ('is_business', False), ('relation_proof', ''), ('role', '')), _connector='OR'), name='businessuse_whose_with_proof'), models.CheckConstraint(condition=models.Q(('purpose_proof', ''), _negated=True), name='businessuse_has_proof')],
            },
        ),
        migrations.AddIndex(
            model_name="policy",
            index=models.Index(fields=["lender", "contract_no"], name="policy_contract"),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER businessuse_append_only BEFORE UPDATE OR DELETE"
            " ON underwriting_businessuse"
            " FOR EACH ROW EXECUTE FUNCTION underwriting_refuse_change();",
            "DROP TRIGGER businessuse_append_only ON underwriting_businessuse;",
        ),
        protect("underwriting_businessuse", OBLIGOR.format(name="businessuse")),
        *(
            widen(
                f"underwriting_{name}",
                OBLIGOR.format(name=name),
                before=BEFORE.format(name=name),
            )
            for name in SEEN
        ),
    ]
