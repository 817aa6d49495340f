"""What the database keeps true by itself: a ticket's state is its status's, and the counts follow the rows."""

from django.db import migrations

KEEP = """
ALTER TABLE desk_ticket ADD CONSTRAINT desk_ticket_state_is_the_status_s
    FOREIGN KEY (status_id, state) REFERENCES desk_status (id, state) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

-- One row for each change, none updated: two agents who work one queue never wait for a counter.
CREATE FUNCTION desk_ticket_count() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER desk_ticket_count AFTER INSERT OR UPDATE OF queue_id, state, assignee_id OR DELETE ON desk_ticket
    FOR EACH ROW EXECUTE FUNCTION desk_ticket_count();
"""

LEAVE = """
DROP TRIGGER desk_ticket_count ON desk_ticket;
DROP FUNCTION desk_ticket_count();
ALTER TABLE desk_ticket DROP CONSTRAINT desk_ticket_state_is_the_status_s;
"""


class Migration(migrations.Migration):
    """Composite key and counting trigger."""

    dependencies = [("desk", "0001_initial")]
    operations = [migrations.RunSQL(KEEP, LEAVE)]
