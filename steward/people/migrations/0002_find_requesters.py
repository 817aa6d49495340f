"""The words of requesters' names and addresses, so that one of many is found while somebody types."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0001_initial")]

    operations: ClassVar = [
        migrations.RunSQL(
            "CREATE INDEX people_requester_words ON people_requester "
            "USING gin (to_tsvector('simple'::regconfig, name || ' ' || coalesce(email, '')))",
            "DROP INDEX people_requester_words",
        ),
    ]
