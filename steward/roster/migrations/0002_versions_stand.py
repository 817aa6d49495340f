"""A published calendar version is never changed or deleted: clocks on tickets stand on it."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION roster_calendarversion_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a calendar version stands for good: % refused', TG_OP USING ERRCODE = 'raise_exception';
END
$$;
CREATE TRIGGER roster_calendarversion_refuse BEFORE UPDATE OR DELETE ON roster_calendarversion
    FOR EACH ROW EXECUTE FUNCTION roster_calendarversion_refuse();
"""
ALLOW = """
DROP TRIGGER roster_calendarversion_refuse ON roster_calendarversion;
DROP FUNCTION roster_calendarversion_refuse();
"""


class Migration(migrations.Migration):
    """The trigger that keeps calendar versions."""

    dependencies = [("roster", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
