"""A job exists if, and only if, the rows around it do."""

import psycopg
import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from steward.core.deferring import defer
from tests.server import SERVER

NAME = "desk.fold_counts"


@pytest.mark.django_db
def test_a_job_waits_by_its_name_with_what_it_was_given():
    assert NAME in app.tasks
    assert defer(NAME, timestamp=5)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args, job.status) == (NAME, {"timestamp": 5}, "todo")


@pytest.mark.django_db
def test_one_of_a_kind_waits_once_and_the_transaction_lives_on():
    with transaction.atomic():
        assert defer(NAME, once_by="folding", timestamp=1)
        assert not defer(NAME, once_by="folding", timestamp=2)
        assert ProcrastinateJob.objects.count() == 1


def test_what_is_rolled_back_leaves_no_job(fresh_database):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        defer(NAME, timestamp=1)
        raise ZeroDivisionError
    assert not ProcrastinateJob.objects.exists()


def test_what_is_committed_after_the_waiting_one_began_has_one_of_its_own(fresh_database):
    assert defer(NAME, once_by="folding", timestamp=1)
    with transaction.atomic():
        assert not defer(NAME, once_by="folding", timestamp=2)
        # A worker, on a connection of its own, takes the one that waits and is through with it before this is committed.
        with psycopg.connect(SERVER.dsn(fresh_database)) as worker:
            worker.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo'")
            worker.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE status = 'doing'")
    assert list(ProcrastinateJob.objects.filter(status="todo").values_list("args", flat=True)) == [{"timestamp": 2}]


def test_what_is_rolled_back_asks_for_no_job_of_its_own(fresh_database):
    assert defer(NAME, once_by="folding", timestamp=1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert not defer(NAME, once_by="folding", timestamp=2)
        ProcrastinateJob.objects.all().delete()
        raise ZeroDivisionError
    assert [job.args for job in ProcrastinateJob.objects.all()] == [{"timestamp": 1}]
