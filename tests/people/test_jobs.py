"""Mails about accounts leave through jobs, which carry no secret."""

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from steward.core import clock
from steward.people import jobs
from steward.people.actions import invite_user, make_password_link
from steward.people.models import Invitation, PasswordLink
from tests.people.cast import SYSTEM, user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("live_urls")]


def waiting() -> list[tuple[str, dict[str, object]]]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", "args"))


def test_an_invitation_by_mail_waits_as_a_job_that_names_only_its_row() -> None:
    invitation, token = invite_user(email="ada@desk.example", roles=["agent"], mail=True, by=SYSTEM, at=clock.now())
    assert waiting() == [("people.mail_invitation", {"invitation_id": invitation.pk})]
    assert token == ""
    jobs.mail_invitation(invitation.pk)
    assert [each.to for each in mail.outbox] == [["ada@desk.example"]]


def test_a_password_link_by_mail_waits_as_a_job_that_names_only_its_row() -> None:
    link, token = make_password_link(user_id=user("Ada").pk, mail=True, by=SYSTEM, at=clock.now())
    assert waiting() == [("people.mail_password_link", {"password_link_id": link.pk})]
    assert token == ""
    jobs.mail_password_link(link.pk)
    assert [each.to for each in mail.outbox] == [["ada@desk.example"]]


def test_a_mail_sent_twice_leaves_the_later_link_working() -> None:
    invitation, _token = invite_user(email="ada@desk.example", roles=["agent"], mail=True, by=SYSTEM, at=clock.now())
    hashes = []
    for _attempt in range(2):
        jobs.mail_invitation(invitation.pk)
        hashes.append(Invitation.objects.get(id=invitation.pk).token_hash)
    assert hashes[0] != hashes[1]
    assert len(mail.outbox) == 2


def test_a_withdrawn_link_is_not_sent() -> None:
    ada = user("Ada")
    first, _token = make_password_link(user_id=ada.pk, mail=True, by=SYSTEM, at=clock.now())
    make_password_link(user_id=ada.pk, by=SYSTEM, at=clock.now())
    jobs.mail_password_link(first.pk)
    assert mail.outbox == []
    assert PasswordLink.objects.get(id=first.pk).withdrawn_at
