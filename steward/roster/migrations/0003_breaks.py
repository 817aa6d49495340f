"""Breaks, and when somebody signed off from a shift."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('roster', '0002_versions_stand'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='shift',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='Break',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='roster.shift')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(models.F('user'), condition=models.Q(('ended_at', None)), name='roster_break_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='roster_break_ends_after_start'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('user_id'), models.F('user_id'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('started_at'), models.F('ended_at'), function='tstzrange'), '&&')], name='roster_break_no_overlap')],
            },
        ),
    ]
