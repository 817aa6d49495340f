"""What tickets weigh and agents take, handovers, and the time tickets are in hand."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0007_follow_ups_are_told'),
        ('people', '0001_initial'),
        ('roster', '0003_breaks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AgentSetting',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('capacity', models.PositiveSmallIntegerField(null=True)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
            ],
        ),
        migrations.CreateModel(
            name='HandedTicket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.TextField(choices=[('kept', 'Kept'), ('passed', 'Passed'), ('parked', 'Parked')])),
                ('until_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Handling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('touched_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('seconds', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='HandlingCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_seconds', models.PositiveIntegerField()),
                ('seconds', models.PositiveIntegerField()),
                ('reason', models.TextField()),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField(blank=True, default='')),
                ('client_token', models.TextField(blank=True, default='')),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='HandoverReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Weight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField(choices=[('priority', 'Priority'), ('channel', 'Channel'), ('state', 'State')])),
                ('key', models.TextField()),
                ('percent', models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='category',
            name='weight',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='category',
            constraint=models.CheckConstraint(condition=models.Q(('weight', None), ('weight__lte', 1000), _connector='OR'), name='desk_category_weight_in_bounds'),
        ),
        migrations.AddConstraint(
            model_name='agentsetting',
            constraint=models.CheckConstraint(condition=models.Q(('capacity', None), ('capacity__gt', 0), _connector='OR'), name='desk_agentsetting_capacity_positive'),
        ),
        migrations.AddField(
            model_name='handedticket',
            name='note',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='desk.message'),
        ),
        migrations.AddField(
            model_name='handedticket',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='desk.ticket'),
        ),
        migrations.AddField(
            model_name='handedticket',
            name='to_queue',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='desk.queue'),
        ),
        migrations.AddField(
            model_name='handedticket',
            name='to_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handling',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='desk.ticket'),
        ),
        migrations.AddField(
            model_name='handling',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handlingcorrection',
            name='corrected_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handlingcorrection',
            name='handling',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='desk.handling'),
        ),
        migrations.AddField(
            model_name='handover',
            name='given_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='shift',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='roster.shift'),
        ),
        migrations.AddField(
            model_name='handover',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handedticket',
            name='handover',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='desk.handover'),
        ),
        migrations.AddField(
            model_name='handoverreading',
            name='handover',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='desk.handover'),
        ),
        migrations.AddField(
            model_name='handoverreading',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='weight',
            constraint=models.UniqueConstraint(fields=('kind', 'key'), name='desk_weight_once'),
        ),
        migrations.AddConstraint(
            model_name='weight',
            constraint=models.CheckConstraint(condition=models.Q(('percent__lte', 1000)), name='desk_weight_in_bounds'),
        ),
        migrations.AddIndex(
            model_name='handling',
            index=models.Index(models.F('ticket'), name='desk_handling_ticket'),
        ),
        migrations.AddIndex(
            model_name='handling',
            index=models.Index(fields=['user', '-started_at'], name='desk_handling_of_user'),
        ),
        migrations.AddIndex(
            model_name='handling',
            index=models.Index(models.F('started_at'), name='desk_handling_started'),
        ),
        migrations.AddConstraint(
            model_name='handling',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('started_at'))), name='desk_handling_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='handling',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('user',), name='desk_handling_one_open_a_user'),
        ),
        migrations.AddConstraint(
            model_name='handling',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('user_id'), models.F('user_id'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('started_at'), models.F('ended_at'), function='tstzrange'), '&&')], name='desk_handling_no_overlap'),
        ),
        migrations.AddIndex(
            model_name='handlingcorrection',
            index=models.Index(models.F('handling'), name='desk_correction_handling'),
        ),
        migrations.AddConstraint(
            model_name='handlingcorrection',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='desk_handlingcorrection_has_a_reason'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(fields=['-created_at', '-id'], name='desk_handover_newest'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(fields=['user', '-created_at'], name='desk_handover_of_user'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.UniqueConstraint(condition=models.Q(('client_token', ''), _negated=True), fields=('user', 'client_token'), name='desk_handover_given_once'),
        ),
        migrations.AddConstraint(
            model_name='handedticket',
            constraint=models.UniqueConstraint(fields=('handover', 'ticket'), name='desk_handedticket_once'),
        ),
        migrations.AddConstraint(
            model_name='handedticket',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('choice', 'passed'), models.Q(('to_user', None), ('to_queue', None), _connector='XOR')), models.Q(models.Q(('choice', 'passed'), _negated=True), ('to_queue', None), ('to_user', None)), _connector='OR'), name='desk_handedticket_passed_to_somebody'),
        ),
        migrations.AddConstraint(
            model_name='handedticket',
            constraint=models.CheckConstraint(condition=models.Q(('until_at', None), ('choice', 'parked'), _connector='OR'), name='desk_handedticket_time_only_when_parked'),
        ),
        migrations.AddConstraint(
            model_name='handoverreading',
            constraint=models.UniqueConstraint(fields=('handover', 'user'), name='desk_handoverreading_once'),
        ),
    ]
