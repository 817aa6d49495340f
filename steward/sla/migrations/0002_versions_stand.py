"""A published policy version is never changed or deleted: it is what tickets were promised."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION sla_policyversion_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a policy version stands for good: % refused', TG_OP USING ERRCODE = 'raise_exception';
END
$$;
CREATE TRIGGER sla_policyversion_refuse BEFORE UPDATE OR DELETE ON sla_policyversion
    FOR EACH ROW EXECUTE FUNCTION sla_policyversion_refuse();
"""
ALLOW = """
DROP TRIGGER sla_policyversion_refuse ON sla_policyversion;
DROP FUNCTION sla_policyversion_refuse();
"""


class Migration(migrations.Migration):
    """The trigger that keeps policy versions."""

    dependencies = [("sla", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
