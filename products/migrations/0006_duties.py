"""Duties for a product, reviews that fall due; the posts and figures that both start with."""

import datetime as dt

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STARTER = {"valid_from": dt.date(2020, 1, 1), "source": "company policy (starter value)"}
PARAMETERS = [
    {"name": "products.review_months", "value": 12, "unit": "months", "owner": "underwriting"},
    {"name": "products.review_due_days", "value": 30, "unit": "days", "owner": "underwriting"},
]
POSTS = [
    ("product_owner", "产品负责人岗", ["产品开发与管理"]),
    ("product_manager", "产品开发岗", ["条款费率设计", "产品跟踪"]),
    ("product_filing", "产品报备岗", ["条款费率备案"]),
]
APPEND_ONLY = """
CREATE FUNCTION products_keep_duties() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is appended only (PRE-33a)', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'duties_append_only';
END $$;
CREATE TRIGGER dutyset_append_only BEFORE UPDATE OR DELETE ON products_dutyset
    FOR EACH ROW EXECUTE FUNCTION products_keep_duties();
CREATE TRIGGER duty_append_only BEFORE UPDATE OR DELETE ON products_duty
    FOR EACH ROW EXECUTE FUNCTION products_keep_duties();
"""
BACK = """
DROP TRIGGER duty_append_only ON products_duty;
DROP TRIGGER dutyset_append_only ON products_dutyset;
DROP FUNCTION products_keep_duties();
"""


def seed(apps, schema_editor):
    parameter, post = (
        apps.get_model("core", "RegulatoryParameter"),
        apps.get_model("organization", "Post"),
    )
    for row in PARAMETERS:
        parameter.objects.create(**row, **STARTER, note="PRE-33c")
    for code, name, competencies in POSTS:
        post.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "unit_kind": "head_office",
                "competencies": competencies,
                "certificates": [],
            },
        )


class Migration(migrations.Migration):

    dependencies = [
        ('organization', '0022_policies_seeds'),
        ('products', '0005_tracking'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DutySet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('valid_from', models.DateField()),
                ('reason', models.CharField(max_length=300)),
                ('set_at', models.DateTimeField()),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duty_sets', to='products.product')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('activity', models.CharField(choices=[('design', 'Design of the product'), ('pricing', 'Pricing'), ('filing', 'Filing'), ('sale', 'Putting on sale'), ('review', 'Review in use')], max_length=10)),
                ('kind', models.CharField(choices=[('accountable', 'Answers for it'), ('responsible', 'Does it'), ('consulted', 'Is asked before'), ('informed', 'Is told')], max_length=12)),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.post')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit')),
                ('duty_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='products.dutyset')),
            ],
        ),
        migrations.CreateModel(
            name='ReviewDue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period_from', models.DateField()),
                ('period_to', models.DateField()),
                ('due_on', models.DateField()),
                ('opened_at', models.DateTimeField()),
                ('review', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='products.productreview')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews_due', to='products.productversion')),
            ],
        ),
        migrations.AddConstraint(
            model_name='dutyset',
            constraint=models.UniqueConstraint(fields=('product', 'number'), name='dutyset_number'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('post__isnull', False), ('unit__isnull', True)), models.Q(('post__isnull', True), ('unit__isnull', False), models.Q(('kind', 'accountable'), _negated=True)), _connector='OR'), name='duty_of_a_post_or_a_unit', violation_error_message='A post answers for it, never a unit.'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'accountable')), fields=('duty_set', 'activity'), name='duty_one_answers', violation_error_message='One post answers for each activity.'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.UniqueConstraint(fields=('duty_set', 'activity', 'kind', 'post', 'unit'), name='duty_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='reviewdue',
            constraint=models.UniqueConstraint(condition=models.Q(('review__isnull', True)), fields=('version',), name='reviewdue_one_waits'),
        ),
        migrations.AddConstraint(
            model_name='reviewdue',
            constraint=models.UniqueConstraint(fields=('version', 'period_from'), name='reviewdue_once_per_period'),
        ),
        migrations.AddConstraint(
            model_name='reviewdue',
            constraint=models.CheckConstraint(condition=models.Q(('period_to__gt', models.F('period_from'))), name='reviewdue_period_in_order'),
        ),
        migrations.RunSQL(APPEND_ONLY, BACK),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
