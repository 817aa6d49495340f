"""A ledger taken over from an export keeps its ids, places and instants: into a ledger in which nothing was ever recorded."""

from django.db import migrations

# The way in closes for good with the first event: the sequence says for ever that a number was drawn.
TAKE_OVER = """
CREATE OR REPLACE FUNCTION ledger_event_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id IS NOT NULL AND NEW.seq IS NOT NULL AND NEW.recorded_at IS NOT NULL
       AND NOT (SELECT is_called FROM ledger_event_position) THEN
        RETURN NEW;
    END IF;
    INSERT INTO ledger_stream AS s (name, last_seq) VALUES (NEW.stream, 1)
        ON CONFLICT (name) DO UPDATE SET last_seq = s.last_seq + 1
        RETURNING s.last_seq INTO NEW.seq;
    PERFORM pg_current_xact_id();
    NEW.id := nextval('ledger_event_position');
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
END
$$;
"""

BEFORE = """
CREATE OR REPLACE FUNCTION ledger_event_place() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    """The placing trigger."""

    dependencies = [("ledger", "0002_append_only")]
    operations = [migrations.RunSQL(TAKE_OVER, BEFORE)]
