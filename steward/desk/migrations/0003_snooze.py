"""Snoozes: their rows, the mark on the ticket, and the counts that tell sleeping tickets apart."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


COUNT = """
CREATE OR REPLACE FUNCTION desk_ticket_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.queue_id, OLD.state, OLD.assignee_id, OLD.snoozing = 'asleep')
            IS NOT DISTINCT FROM (NEW.queue_id, NEW.state, NEW.assignee_id, NEW.snoozing = 'asleep') THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO desk_ticketcount (queue_id, state, assignee_id, asleep, n)
             VALUES (OLD.queue_id, OLD.state, OLD.assignee_id, OLD.snoozing = 'asleep', -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO desk_ticketcount (queue_id, state, assignee_id, asleep, n)
             VALUES (NEW.queue_id, NEW.state, NEW.assignee_id, NEW.snoozing = 'asleep', 1);
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER desk_ticket_count ON desk_ticket;
CREATE TRIGGER desk_ticket_count AFTER INSERT OR UPDATE OF queue_id, state, assignee_id, snoozing OR DELETE ON desk_ticket
    FOR EACH ROW EXECUTE FUNCTION desk_ticket_count();
"""
BEFORE = """
CREATE OR REPLACE FUNCTION desk_ticket_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.queue_id, OLD.state, OLD.assignee_id) IS NOT DISTINCT FROM (NEW.queue_id, NEW.state, NEW.assignee_id) THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO desk_ticketcount (queue_id, state, assignee_id, n) VALUES (OLD.queue_id, OLD.state, OLD.assignee_id, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO desk_ticketcount (queue_id, state, assignee_id, n) VALUES (NEW.queue_id, NEW.state, NEW.assignee_id, 1);
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER desk_ticket_count ON desk_ticket;
CREATE TRIGGER desk_ticket_count AFTER INSERT OR UPDATE OF queue_id, state, assignee_id OR DELETE ON desk_ticket
    FOR EACH ROW EXECUTE FUNCTION desk_ticket_count();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0002_kept_by_the_database'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Snooze',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.TextField(choices=[('time', 'A time'), ('shift', 'My next shift'), ('reply', "The requester's reply")])),
                ('until_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_as', models.TextField(blank=True, choices=[('time', 'The time came'), ('reply', 'The requester replied'), ('by_hand', 'Ended by hand'), ('moved', 'The ticket went to somebody else'), ('over', 'The ticket was solved or closed')], default='')),
                ('settled_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='ticket',
            name='snoozing',
            field=models.TextField(blank=True, choices=[('', 'Not snoozed'), ('asleep', 'Snoozed'), ('back', 'Back from a snooze')], db_default='', default=''),
        ),
        migrations.AddField(
            model_name='ticketcount',
            name='asleep',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='timer',
            name='kind',
            field=models.TextField(choices=[('remind_confirmation', 'Remind the requester'), ('close_unconfirmed', 'Close unconfirmed'), ('wake', 'End a snooze')]),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(models.F('assignee'), models.F('id'), condition=models.Q(('snoozing', 'asleep')), name='desk_ticket_asleep'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('snoozing__in', ['', 'asleep', 'back'])), name='desk_ticket_snoozing_known'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('snoozing', 'asleep'), _negated=True), models.Q(('state__in', ['new', 'on_hold', 'open', 'pending']), ('assignee__isnull', False)), _connector='OR'), name='desk_ticket_asleep_is_owned_and_worked'),
        ),
        migrations.AddField(
            model_name='snooze',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='desk.ticket'),
        ),
        migrations.AddField(
            model_name='snooze',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='snooze',
            index=models.Index(models.F('user'), models.F('ended_at'), condition=models.Q(('settled_at', None)), name='desk_snooze_user'),
        ),
        migrations.AddConstraint(
            model_name='snooze',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_as', ''), ('ended_at', None)), models.Q(models.Q(('ended_as', ''), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='desk_snooze_end_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='snooze',
            constraint=models.CheckConstraint(condition=models.Q(('settled_at', None), ('ended_at__isnull', False), _connector='OR'), name='desk_snooze_settled_has_ended'),
        ),
        migrations.AddConstraint(
            model_name='snooze',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('until', 'reply'), ('until_at', None)), models.Q(models.Q(('until', 'reply'), _negated=True), ('until_at__isnull', False)), _connector='OR'), name='desk_snooze_time_where_it_waits_for_one'),
        ),
        migrations.AddConstraint(
            model_name='snooze',
            constraint=models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('ticket',), name='desk_snooze_one_at_a_time'),
        ),
        migrations.RunSQL(COUNT, BEFORE),
    ]
