"""A job exists if, and only if, the rows around it do."""

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from steward.core.deferring import defer

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
