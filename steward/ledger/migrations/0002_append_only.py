"""The ledger's order and its refusal to forget, where they cannot be passed by: in the database."""

from django.db import migrations

# The stream's row is locked first, then the transaction takes its id, and only then the event draws its own:
# a subscriber's fence stands on exactly this order.
PLACE = """
CREATE SEQUENCE ledger_event_position AS bigint CACHE 1;

CREATE FUNCTION ledger_event_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_stream AS s (name, last_seq) VALUES (NEW.stream, 1)
        ON CONFLICT (name) DO UPDATE SET last_seq = s.last_seq + 1
        RETURNING s.last_seq INTO NEW.seq;
    PERFORM pg_current_xact_id();
    NEW.id := nextval('ledger_event_position');
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
END
$$;
CREATE TRIGGER ledger_event_place BEFORE INSERT ON ledger_event
    FOR EACH ROW EXECUTE FUNCTION ledger_event_place();

CREATE FUNCTION ledger_event_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('steward_ledger', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER ledger_event_wake AFTER INSERT ON ledger_event
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_event_wake();

CREATE FUNCTION ledger_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % refused', TG_OP USING ERRCODE = 'raise_exception';
END
$$;
CREATE TRIGGER ledger_event_refuse_change BEFORE UPDATE OR DELETE ON ledger_event
    FOR EACH ROW EXECUTE FUNCTION ledger_event_refuse();
CREATE TRIGGER ledger_event_refuse_truncate BEFORE TRUNCATE ON ledger_event
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_event_refuse();

ALTER TABLE ledger_event ALTER COLUMN cause SET DEFAULT '';
ALTER TABLE ledger_event ALTER COLUMN request_id SET DEFAULT '';
"""

REMOVE = """
DROP TRIGGER ledger_event_refuse_truncate ON ledger_event;
DROP TRIGGER ledger_event_refuse_change ON ledger_event;
DROP TRIGGER ledger_event_wake ON ledger_event;
DROP TRIGGER ledger_event_place ON ledger_event;
DROP FUNCTION ledger_event_refuse();
DROP FUNCTION ledger_event_wake();
DROP FUNCTION ledger_event_place();
DROP SEQUENCE ledger_event_position;
"""


class Migration(migrations.Migration):
    """Triggers and sequence of the ledger."""

    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(PLACE, REMOVE)]
