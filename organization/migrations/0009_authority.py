"""Authority, committees, cases, recusal; decisions, votes and the recusal log are appended only."""

import django.contrib.postgres.fields
import django.db.models.deletion
import organization.models.authority
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


APPENDED = ("signeddecision", "committeevote", "recusalentry")
FORWARD = "".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE"
    f" ON organization_{table} FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();"
    for table in APPENDED
)
BACKWARD = "".join(
    f"DROP TRIGGER {table}_append_only ON organization_{table};" for table in APPENDED
)
FIGURES = (
    ("authority.emergency_hours", 24, "hours"),
    ("authority.emergency_review_days", 3, "days"),
    ("authority.delegation_days", 90, "days"),
)


def seed(apps, schema_editor):
    parameter = apps.get_model("core", "RegulatoryParameter")
    for name, value, unit in FIGURES:
        parameter.objects.create(
            name=name, value=value, unit=unit, valid_from="2020-01-01",
            source="company policy (starter value)", status="unapproved",
        )


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0008_regulatory_parameters'),
        ('organization', '0005_what_a_person_sees'),
        ('organization', '0008_people_rules_and_seeds'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuthorityCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='without personal data', max_length=120)),
                ('text', models.TextField(max_length=4000)),
                ('product', models.CharField(blank=True, max_length=120)),
                ('obligor_type', models.CharField(blank=True, max_length=120)),
                ('channel', models.CharField(blank=True, max_length=120)),
                ('grade', models.CharField(blank=True, max_length=120)),
                ('amount', models.DecimalField(decimal_places=2, help_text='yuan', max_digits=18)),
                ('rate', models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ('ltv', models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ('term', models.PositiveIntegerField(help_text='months', null=True)),
                ('exceptions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('price_below_floor', 'Price below the floor'), ('ltv_above_cap', 'Loan-to-value above the cap'), ('term_above_cap', 'Term above the cap'), ('admission', 'Admission standard not met'), ('documents', 'Documents missing'), ('control_lift', 'Lift a control on new business')], max_length=40), default=list, size=None)),
                ('state', models.CharField(choices=[('submitted', 'Waiting for a decision'), ('returned', 'Returned to the maker'), ('signed', 'Signed'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='submitted', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('submitted_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('withdrawal', models.CharField(blank=True, max_length=500)),
                ('maker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['state', 'submitted_at'], name='case_waiting'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='case_amount_is_positive', violation_error_message='The amount is above 0.'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['signed', 'refused']), ('decided_at__isnull', True), _connector='XOR'), name='case_decided_has_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AuthorityGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('products', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=organization.models.authority.any_code, size=None)),
                ('obligor_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=organization.models.authority.any_code, size=None)),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=organization.models.authority.any_code, size=None)),
                ('grades', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=organization.models.authority.any_code, size=None)),
                ('exceptions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('max_amount', models.DecimalField(decimal_places=2, help_text='yuan', max_digits=18)),
                ('min_rate', models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ('max_ltv', models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ('max_term', models.PositiveIntegerField(help_text='months', null=True)),
                ('kind', models.CharField(choices=[('standing', 'Standing grant'), ('emergency', 'Emergency grant')], default='standing', max_length=10)),
                ('status', models.CharField(choices=[('proposed', 'Proposed'), ('approved', 'Approved'), ('refused', 'Refused'), ('revoked', 'Revoked')], default='proposed', max_length=10)),
                ('level', models.PositiveSmallIntegerField(help_text='1 is the lowest; escalation goes up')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(max_length=500)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('refusal', models.CharField(blank=True, max_length=500)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revocation', models.CharField(blank=True, max_length=500)),
                ('review_due_at', models.DateTimeField(null=True)),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('review', models.CharField(blank=True, max_length=500)),
                ('escalated_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('role', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='organization.role')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['status', 'valid_from'], name='grant_in_force'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('role__isnull', False), ('person__isnull', False), _connector='XOR'), name='grant_to_a_role_or_a_person', violation_error_message='A grant is given to a role or to a person.'),
                    models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='grant_maker_is_not_checker', violation_error_message='Whoever proposes authority does not approve it.'),
                    models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), ('person__isnull', True), models.Q(models.Q(('decided_by', models.F('person')), _negated=True), models.Q(('proposed_by', models.F('person')), _negated=True)), _connector='OR'), name='grant_nobody_grants_to_oneself', violation_error_message='Nobody proposes or approves authority of their own.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('status', 'proposed')), models.Q(models.Q(('status', 'proposed'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='grant_decided_by_somebody'),
                    models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', False), ('status', 'revoked')), models.Q(models.Q(('status', 'revoked'), _negated=True), ('revoked_at__isnull', True)), _connector='OR'), name='grant_revoked_has_time'),
                    models.CheckConstraint(condition=models.Q(('kind', 'standing'), models.Q(('ends_at__isnull', False), ('person__isnull', False)), _connector='OR'), name='grant_emergency_names_person_and_end', violation_error_message='An emergency grant names a person and an end.'),
                    models.CheckConstraint(condition=models.Q(('reviewed_by__isnull', True), models.Q(models.Q(('reviewed_by', models.F('proposed_by')), _negated=True), models.Q(('reviewed_by', models.F('decided_by')), _negated=True), models.Q(('reviewed_by', models.F('person')), _negated=True)), _connector='OR'), name='grant_reviewer_is_a_fourth_person', violation_error_message='Whoever had a part in it does not review it.'),
                    models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='grant_dates_in_order', violation_error_message='The end lies after the start.'),
                    models.CheckConstraint(condition=models.Q(('max_amount__gt', 0)), name='grant_amount_is_positive'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CaseFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='organization.authoritycase')),
                ('stored', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
            ],
        ),
        migrations.CreateModel(
            name='CaseParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('obligor', 'Obligor'), ('guarantor', 'Guarantor'), ('partner', 'Partner')], max_length=10)),
                ('sealed_name', models.BinaryField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='organization.authoritycase')),
            ],
        ),
        migrations.CreateModel(
            name='CaseIdentity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('document', 'Identity number'), ('phone', 'Phone'), ('address', 'Address'), ('employer', 'Employer'), ('account', 'Bank account')], max_length=10)),
                ('sealed_value', models.BinaryField()),
                ('index', models.BinaryField(db_index=True, max_length=32)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identities', to='organization.caseparty')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('party', 'kind', 'index'), name='caseidentity_once_per_party'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Committee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('underwriting', 'Underwriting committee'), ('risk', 'Risk committee'), ('credit', 'Credit review committee'), ('claims', 'Claims committee')], max_length=12)),
                ('quorum_share', models.DecimalField(decimal_places=6, max_digits=7)),
                ('majority_share', models.DecimalField(decimal_places=6, max_digits=7)),
                ('is_majority_of_members', models.BooleanField(default=False)),
                ('has_chair_veto', models.BooleanField(default=False)),
                ('source', models.CharField(max_length=300)),
                ('status', models.CharField(choices=[('unapproved', 'Unapproved'), ('approved', 'Approved')], default='unapproved', max_length=12)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('proposed_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='committee_maker_is_not_checker', violation_error_message='Whoever proposes a committee does not approve it.'),
                    models.CheckConstraint(condition=models.Q(('status', 'approved'), ('approved_by__isnull', True), _connector='XOR'), name='committee_approved_by_somebody'),
                    models.CheckConstraint(condition=models.Q(('quorum_share__gt', 0), ('quorum_share__lte', 1), ('majority_share__gt', 0), ('majority_share__lte', 1)), name='committee_shares_are_fractions', violation_error_message='Quorum and majority lie above 0 and up to 1.'),
                    models.CheckConstraint(condition=models.Q(('majority_share__gte', Decimal('0.5'))), name='committee_majority_is_half_or_more', violation_error_message='A majority is one half or more.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CommitteeMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_chair', models.BooleanField(default=False)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('appointed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='organization.committee')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('committee', 'person'), name='member_one_open_seat', violation_error_message='This person has a seat already.'),
                    models.UniqueConstraint(condition=models.Q(('is_chair', True), ('valid_to__isnull', True)), fields=('committee',), name='member_one_chair', violation_error_message='The committee has a chair already.'),
                    models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='member_dates_in_order'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DeclaredRelation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('self', "The person's own business"), ('family', 'Family'), ('interest', 'Financial interest'), ('employment', 'Present or former employment'), ('other', 'Other relation')], max_length=12)),
                ('sealed_name', models.BinaryField(null=True)),
                ('identity_kind', models.CharField(blank=True, choices=[('document', 'Identity number'), ('phone', 'Phone'), ('address', 'Address'), ('employer', 'Employer'), ('account', 'Bank account')], max_length=10)),
                ('sealed_value', models.BinaryField(null=True)),
                ('index', models.BinaryField(db_index=True, max_length=32, null=True)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('remark', models.CharField(blank=True, max_length=500)),
                ('declared_at', models.DateTimeField()),
                ('colleague', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('evidence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declared_relations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('colleague__isnull', False), ('index__isnull', False), _connector='XOR'), name='relation_to_a_colleague_or_an_identity', violation_error_message='Name a colleague, or an identity, not both.'),
                    models.CheckConstraint(condition=models.Q(('colleague__isnull', True), models.Q(('colleague', models.F('person')), _negated=True), _connector='OR'), name='relation_to_somebody_else', violation_error_message='A relation is to somebody else.'),
                    models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='relation_dates_in_order', violation_error_message='The end lies after the start.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('products', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=organization.models.authority.any_code, size=None)),
                ('obligor_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=organization.models.authority.any_code, size=None)),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=organization.models.authority.any_code, size=None)),
                ('grades', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=organization.models.authority.any_code, size=None)),
                ('exceptions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('max_amount', models.DecimalField(decimal_places=2, help_text='yuan', max_digits=18)),
                ('min_rate', models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ('max_ltv', models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ('max_term', models.PositiveIntegerField(help_text='months', null=True)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('reason', models.CharField(max_length=500)),
                ('made_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revocation', models.CharField(blank=True, max_length=500)),
                ('delegate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_held', to=settings.AUTH_USER_MODEL)),
                ('delegator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_given', to=settings.AUTH_USER_MODEL)),
                ('grant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='organization.authoritygrant')),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('delegate', models.F('delegator')), _negated=True), name='delegation_to_somebody_else', violation_error_message='Nobody delegates to oneself.'),
                    models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('valid_from'))), name='delegation_dates_in_order', violation_error_message='The end lies after the start.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_by__isnull', True)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='delegation_revoked_by_somebody'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RecusalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('submission', 'Submission'), ('signing', 'Signing'), ('voting', 'Voting')], max_length=12)),
                ('source', models.CharField(max_length=10)),
                ('kind', models.CharField(max_length=12)),
                ('article', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recusals', to='organization.authoritycase')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('case', 'person', 'stage', 'source', 'kind'), name='recusal_logged_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Resolution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_version', models.PositiveIntegerField()),
                ('meeting', models.CharField(max_length=120)),
                ('held_on', models.DateField()),
                ('convened_at', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('open', 'Open'), ('passed', 'Passed'), ('rejected', 'Rejected'), ('inquorate', 'No quorum')], default='open', max_length=10)),
                ('tally', models.JSONField(default=dict)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resolutions', to='organization.authoritycase')),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resolutions', to='organization.committee')),
                ('convened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resolved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('outcome', 'open')), fields=('case',), name='resolution_one_open_per_case', violation_error_message='The case is before a committee already.'),
                    models.CheckConstraint(condition=models.Q(('outcome', 'open'), ('resolved_at__isnull', False), _connector='XOR'), name='resolution_resolved_has_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CommitteeVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.CharField(choices=[('for', 'For'), ('against', 'Against'), ('abstain', 'Abstention')], max_length=8)),
                ('remark', models.CharField(blank=True, max_length=2000)),
                ('at', models.DateTimeField()),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='organization.committeemember')),
                ('resolution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='organization.resolution')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('resolution', 'member'), name='vote_one_per_member', violation_error_message='This member has voted already.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ResolutionFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resolution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='organization.resolution')),
                ('stored', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
            ],
        ),
        migrations.CreateModel(
            name='SignedDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(max_length=80)),
                ('subject_id', models.BigIntegerField()),
                ('step', models.PositiveSmallIntegerField()),
                ('outcome', models.CharField(choices=[('sign', 'Sign'), ('return', 'Return to the maker'), ('refuse', 'Refuse')], max_length=10)),
                ('facts', models.JSONField()),
                ('authority', models.JSONField()),
                ('version', models.PositiveIntegerField()),
                ('key', models.UUIDField(unique=True)),
                ('fingerprint', models.CharField(max_length=64)),
                ('reason', models.CharField(max_length=2000)),
                ('at', models.DateTimeField()),
                ('delegation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='organization.delegation')),
                ('grant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='organization.authoritygrant')),
                ('maker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resolution', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='organization.resolution')),
                ('signer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('maker', models.F('signer')), _negated=True), name='decision_maker_is_not_signer', violation_error_message='Whoever makes a case does not decide it.'),
                    models.UniqueConstraint(fields=('subject_type', 'subject_id', 'step'), name='decision_one_per_step', violation_error_message='This step was decided already.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'sign'), _negated=True), ('grant__isnull', False), ('resolution__isnull', False), _connector='OR'), name='decision_rests_on_authority', violation_error_message='What is signed rests on a grant or a resolution.'),
                    models.CheckConstraint(condition=models.Q(('delegation__isnull', True), ('grant__isnull', False), _connector='OR'), name='decision_delegation_has_grant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='StaffIdentity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('document', 'Identity number'), ('phone', 'Phone'), ('address', 'Address'), ('employer', 'Employer'), ('account', 'Bank account')], max_length=10)),
                ('sealed_value', models.BinaryField()),
                ('index', models.BinaryField(db_index=True, max_length=32)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identities', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('person', 'kind', 'index'), name='staffidentity_once', violation_error_message='This is recorded already.'),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
