"""What is tried leaves no trace, and the connection remembers what it has prepared."""

import pytest
from django.db import connection, transaction

from steward.core.trying import without_trace
from steward.desk.models import Tag, Ticket


def prepared():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return cursor.fetchone()[0], len(connection.connection._prepared._names)


def ask_often():
    for _time in range(8):
        Ticket.objects.filter(subject="Nothing").count()


@pytest.mark.parametrize("fixture", ["cast", "fresh_cast"])
def test_what_was_written_inside_is_gone_and_what_was_before_stays(request, fixture):
    request.getfixturevalue(fixture)
    with transaction.atomic():
        Tag.objects.create(name="before")
        with without_trace():
            Tag.objects.create(name="inside")
            with without_trace():
                Tag.objects.create(name="deeper")
            assert set(Tag.objects.values_list("name", flat=True)) == {"before", "inside"}
        Tag.objects.create(name="after")
    assert set(Tag.objects.values_list("name", flat=True)) == {"before", "after"}


def test_an_error_inside_is_raised_and_leaves_the_connection_usable(cast):
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic(), without_trace():
            Tag.objects.create(name="inside")
            1 / 0  # noqa: B018 -- the error
        assert not Tag.objects.exists()
    assert not connection.needs_rollback


def test_prepared_statements_are_remembered(fresh_cast):
    # psycopg's own rollback to a savepoint forgets them all, which is why this goes by its back.
    ask_often()
    before = prepared()
    assert min(before) > 0
    with without_trace():
        ask_often()
        Tag.objects.create(name="inside")
    assert prepared() >= before
    with transaction.atomic(), transaction.atomic():
        Tag.objects.create(name="inside")
        transaction.set_rollback(True)
    assert prepared()[1] < before[1]


def test_what_was_to_follow_the_commit_does_not(fresh_cast):
    told = []
    with transaction.atomic():
        transaction.on_commit(lambda: told.append("kept"))
        with without_trace():
            transaction.on_commit(lambda: told.append("never"))
    assert told == ["kept"]
