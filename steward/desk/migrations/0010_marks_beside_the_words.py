"""The search row carries what a ticket is beside what it says, kept by the database; an index for each order of a list."""

import django.contrib.postgres.fields
import django.db.models.functions.comparison
from django.db import migrations, models

FAR = models.Value("9999-12-31T00:00:00Z", output_field=models.DateTimeField())
WORKING = models.Q(state__in=["new", "on_hold", "open", "pending"])

KEEP = """
-- No word of a text holds a slash: these can never be mistaken for one.
CREATE FUNCTION desk_ticket_marks(t desk_ticket) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY['q/' || t.queue_id, 's/' || t.state, 'p/' || t.priority, 'a/' || coalesce(t.assignee_id, 0),
                 'c/' || coalesce(t.category_id, 0), 'r/' || t.requester_id, 'w/' || left(t.waiting_reason, 100),
                 'l/' || left(lower(t.language), 40), 'v/' || left(t.channel, 40), 'z/' || t.snoozing]
           || ARRAY(SELECT 't/' || tt.tag_id FROM desk_tickettag tt WHERE tt.ticket_id = t.id ORDER BY tt.tag_id)
$$;

CREATE FUNCTION desk_ticket_mark(which bigint) RETURNS void LANGUAGE sql AS $$
    UPDATE desk_ticketsearch s
       SET document = ts_delete(s.document, s.marks) || array_to_tsvector(desk_ticket_marks(t)), marks = desk_ticket_marks(t)
      FROM desk_ticket t
     WHERE t.id = which AND s.ticket_id = which AND s.marks IS DISTINCT FROM desk_ticket_marks(t)
$$;

-- Whoever changes a ticket, in whatever way, cannot leave the search behind: it is changed in the same transaction.
CREATE FUNCTION desk_ticket_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.queue_id, OLD.state, OLD.priority, OLD.assignee_id, OLD.category_id, OLD.requester_id, OLD.waiting_reason, OLD.language, OLD.channel,
        OLD.snoozing)
       IS DISTINCT FROM
       (NEW.queue_id, NEW.state, NEW.priority, NEW.assignee_id, NEW.category_id, NEW.requester_id, NEW.waiting_reason, NEW.language, NEW.channel,
        NEW.snoozing)
    THEN
        PERFORM desk_ticket_mark(NEW.id);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER desk_ticket_marks AFTER UPDATE OF queue_id, state, priority, assignee_id, category_id, requester_id, waiting_reason,
    language, channel, snoozing ON desk_ticket FOR EACH ROW EXECUTE FUNCTION desk_ticket_changed();

CREATE FUNCTION desk_ticket_tagged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM desk_ticket_mark(CASE WHEN TG_OP = 'DELETE' THEN OLD.ticket_id ELSE NEW.ticket_id END);
    RETURN NULL;
END
$$;
CREATE TRIGGER desk_tickettag_marks AFTER INSERT OR UPDATE OR DELETE ON desk_tickettag
    FOR EACH ROW EXECUTE FUNCTION desk_ticket_tagged();

UPDATE desk_ticketsearch s
   SET document = ts_delete(s.document, 'q/' || t.queue_id) || array_to_tsvector(desk_ticket_marks(t)), marks = desk_ticket_marks(t)
  FROM desk_ticket t WHERE t.id = s.ticket_id;
"""

LEAVE = """
DROP TRIGGER desk_tickettag_marks ON desk_tickettag;
DROP FUNCTION desk_ticket_tagged();
DROP TRIGGER desk_ticket_marks ON desk_ticket;
DROP FUNCTION desk_ticket_changed();
DROP FUNCTION desk_ticket_mark(bigint);
DROP FUNCTION desk_ticket_marks(desk_ticket);
"""


class Migration(migrations.Migration):
    """Marks, and the orders of lists."""

    dependencies = [("desk", "0009_saved_replies_and_macros")]
    operations = [
        migrations.AddField("ticketsearch", "marks", django.contrib.postgres.fields.ArrayField(models.TextField(), default=list)),
        migrations.RunSQL(KEEP, LEAVE),
        migrations.RemoveIndex("ticketsearch", "desk_search_newest"),
        migrations.RemoveIndex("ticketsearch", "desk_search_queue_newest"),
        migrations.RemoveField("ticketsearch", "queue_id"),
        migrations.RemoveField("ticketsearch", "updated_at"),
        migrations.AddIndex("ticket", models.Index(fields=["-created_at", "-id"], name="desk_ticket_created")),
        migrations.AddIndex("ticket", models.Index(fields=["last_message_at", "id"], condition=WORKING, name="desk_ticket_wait")),
        migrations.AddIndex(
            "ticket",
            models.Index(
                "priority",
                django.db.models.functions.comparison.Coalesce("due_at", FAR),
                "id",
                condition=WORKING,
                name="desk_ticket_urgent",
            ),
        ),
    ]
