"""Versions of macros and automations are never changed or deleted; automations begin to listen from here on."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION desk_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version stands for good: % refused', TG_OP USING ERRCODE = 'raise_exception';
END
$$;
CREATE TRIGGER desk_macroversion_refuse BEFORE UPDATE OR DELETE ON desk_macroversion
    FOR EACH ROW EXECUTE FUNCTION desk_version_refuse();
CREATE TRIGGER desk_automationversion_refuse BEFORE UPDATE OR DELETE ON desk_automationversion
    FOR EACH ROW EXECUTE FUNCTION desk_version_refuse();
"""
ALLOW = """
DROP TRIGGER desk_macroversion_refuse ON desk_macroversion;
DROP TRIGGER desk_automationversion_refuse ON desk_automationversion;
DROP FUNCTION desk_version_refuse();
"""
# Nothing before the first automation can be meant by one: a long ledger need not be heard again.
BEGIN = """
INSERT INTO ledger_subscription (name, position)
SELECT 'desk.automations', max(id) FROM ledger_event HAVING max(id) IS NOT NULL
    ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    """The trigger that keeps versions, and the place from which automations listen."""

    dependencies = [("desk", "0013_automations"), ("ledger", "0002_append_only")]
    operations = [migrations.RunSQL(REFUSE, ALLOW), migrations.RunSQL(BEGIN, migrations.RunSQL.noop)]
