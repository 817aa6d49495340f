"""Invitations, and the link an empty desk prints."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from steward.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from steward.ledger.models import Event
from steward.people.actions import (
    accept_invitation,
    create_team,
    ensure_requester,
    first_admin_link,
    invite_user,
    mail_invitation,
    withdraw_invitation,
)
from steward.people.actor import anonymous
from steward.people.models import Invitation, Membership, Requester, User
from steward.people.queries import actor_for, open_invitations
from steward.people.rules import LINK_LIVES_FOR
from tests.people.cast import AT, PASSWORD, SYSTEM, admin, kinds_on, user

NOBODY = anonymous(request_id="r-1")


def accept(token: str, *, name: str = "Ada", email: str = "", password: str = PASSWORD, after: timedelta = timedelta(0)) -> User:
    return accept_invitation(token=token, name=name, email=email, password=password, by=NOBODY, at=AT + after)


@pytest.mark.django_db
class TestInvitations:
    def test_accepting_makes_the_account_that_was_promised(self) -> None:
        root = admin()
        team = create_team(name="Night", by=root, at=AT)
        invitation, token = invite_user(
            email="Ada@desk.example",
            roles=["agent", "lead"],
            team_ids=[team.pk],
            language="zh-hans",
            time_zone="Asia/Shanghai",
            by=root,
            at=AT,
        )
        ada = accept(token)
        assert (ada.email, ada.roles, ada.language, ada.time_zone) == (
            "ada@desk.example",
            ["agent", "lead"],
            "zh-hans",
            "Asia/Shanghai",
        )
        assert ada.check_password(PASSWORD)
        assert Membership.objects.filter(team=team, user=ada).exists()
        joined = Event.objects.get(stream=f"user:{ada.pk}", kind="people.user_joined")
        assert (joined.actor_kind, joined.actor_id, joined.request_id) == ("agent", ada.pk, "r-1")
        assert joined.payload["invitation_id"] == invitation.pk

    def test_the_token_is_kept_nowhere(self) -> None:
        _invitation, token = invite_user(email="ada@desk.example", roles=["agent"], by=admin(), at=AT)
        assert token not in str(list(Invitation.objects.values()))
        assert not Event.objects.filter(payload__icontains=token).exists()

    def test_no_address_is_in_the_ledger(self) -> None:
        _invitation, token = invite_user(email="ada@desk.example", name="Ada", roles=["agent", "requester"], by=admin(), at=AT)
        accept(token)
        assert not Event.objects.filter(payload__icontains="ada").exists()

    def test_a_link_works_once(self) -> None:
        _invitation, token = invite_user(email="ada@desk.example", roles=["agent"], by=admin(), at=AT)
        accept(token)
        with pytest.raises(Conflict):
            accept(token)
        assert User.objects.filter(email="ada@desk.example").count() == 1

    def test_a_link_works_up_to_its_end(self) -> None:
        _invitation, token = invite_user(email="ada@desk.example", roles=["agent"], by=admin(), at=AT)
        with pytest.raises(Conflict):
            accept(token, after=LINK_LIVES_FOR)
        assert accept(token, after=LINK_LIVES_FOR - timedelta(seconds=1))

    def test_a_made_up_link_is_not_found(self) -> None:
        for token in ("", "made-up", "\x00", "ü" * 5000):
            with pytest.raises(NotFound):
                accept(token)

    def test_a_withdrawn_link_is_dead_and_an_accepted_one_cannot_be_withdrawn(self) -> None:
        root = admin()
        invitation, token = invite_user(email="ada@desk.example", roles=["agent"], by=root, at=AT)
        withdraw_invitation(invitation_id=invitation.pk, by=root, at=AT)
        withdraw_invitation(invitation_id=invitation.pk, by=root, at=AT)
        with pytest.raises(Conflict):
            accept(token)
        assert kinds_on(f"invitation:{invitation.pk}") == ["people.user_invited", "people.invitation_withdrawn"]
        again, token = invite_user(email="ada@desk.example", roles=["agent"], by=root, at=AT)
        accept(token)
        with pytest.raises(Conflict):
            withdraw_invitation(invitation_id=again.pk, by=root, at=AT)

    def test_inviting_again_replaces_the_link(self) -> None:
        root = admin()
        _invitation, first = invite_user(email="ada@desk.example", roles=["agent"], by=root, at=AT)
        latest, second = invite_user(email="ADA@desk.example", roles=["lead"], by=root, at=AT)
        assert list(open_invitations(AT)) == [latest]
        with pytest.raises(Conflict):
            accept(first)
        assert accept(second).roles == ["lead"]

    def test_who_is_here_already_is_not_invited(self) -> None:
        root = admin()
        user("Ada")
        with pytest.raises(Conflict):
            invite_user(email="ada@DESK.example", roles=["agent"], by=root, at=AT)

    @pytest.mark.parametrize("password", ["short", "password123", "1234567890123", "ada@desk.example", "x\x00" * 10, "x" * 2000])
    def test_a_bad_password_leaves_the_link_open(self, password: str) -> None:
        _invitation, token = invite_user(email="ada@desk.example", roles=["agent"], by=admin(), at=AT)
        with pytest.raises(Invalid) as refused:
            accept(token, password=password)
        assert refused.value.field == "password"
        assert accept(token)

    def test_an_agent_invites_nobody(self) -> None:
        with pytest.raises(NotAllowed):
            invite_user(email="x@desk.example", roles=["admin"], by=actor_for(user("Ada", "lead")), at=AT)

    def test_an_invitation_into_a_team_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(Invalid) as refused:
            invite_user(email="x@desk.example", roles=["agent"], team_ids=[404], by=admin(), at=AT)
        assert refused.value.field == "team_ids"

    def test_the_requester_known_by_mail_is_the_one_who_joins(self) -> None:
        known = ensure_requester(email="ravi@x.example", name="Ravi", market="DE", by=SYSTEM, at=AT)
        _invitation, token = invite_user(email="ravi@x.example", roles=["requester"], by=admin(), at=AT)
        ravi = accept(token, name="Ravi N.")
        known.refresh_from_db()
        assert (known.user_id, known.market, Requester.objects.count()) == (ravi.pk, "DE", 1)

    def test_without_mail_the_link_is_handed_over(self, settings) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        with pytest.raises(Conflict):
            invite_user(email="x@desk.example", roles=["agent"], mail=True, by=admin(), at=AT)
        assert not Invitation.objects.exists()

    def test_with_mail_the_link_is_sent_and_works(self, settings, live_urls) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        invitation, token = invite_user(email="ada@desk.example", roles=["agent"], mail=True, by=admin(), at=AT)
        assert token == ""
        assert mail_invitation(invitation_id=invitation.pk, at=AT)
        [sent] = mail.outbox
        assert sent.to == ["ada@desk.example"]
        link = next(line for line in sent.body.splitlines() if line.startswith("http"))
        assert accept(link.rstrip("/").rpartition("/")[2])
        assert not mail_invitation(invitation_id=invitation.pk, at=AT)


@pytest.mark.django_db
class TestFirstAdmin:
    def test_an_empty_desk_gives_a_link_that_makes_its_first_admin(self) -> None:
        token = first_admin_link(at=AT)
        assert token
        root = accept(token, email="Root@desk.example", name="Root")
        assert root.email == "root@desk.example"
        assert "admin" in root.roles
        assert Event.objects.get(kind="people.user_joined").payload["how"] == "first_admin"

    def test_a_desk_with_an_admin_gives_none(self) -> None:
        token = first_admin_link(at=AT)
        admin()
        assert first_admin_link(at=AT) is None
        with pytest.raises(Conflict):
            accept(token or "", email="evil@desk.example")

    def test_each_link_kills_the_one_before(self) -> None:
        first, second = first_admin_link(at=AT), first_admin_link(at=AT)
        with pytest.raises(Conflict):
            accept(first or "", email="root@desk.example")
        assert accept(second or "", email="root@desk.example")

    def test_the_address_of_an_invitation_is_not_for_the_invited_to_choose(self) -> None:
        _invitation, token = invite_user(email="ada@desk.example", roles=["agent"], by=SYSTEM, at=AT)
        assert accept(token, email="other@desk.example").email == "ada@desk.example"

    def test_the_first_admin_needs_an_address(self) -> None:
        token = first_admin_link(at=AT)
        with pytest.raises(Invalid) as refused:
            accept(token or "", email="nobody")
        assert refused.value.field == "email"


def test_of_two_who_use_one_link_at_once_the_second_is_refused(fresh_database: str) -> None:
    _invitation, token = invite_user(email="ada@desk.example", roles=["agent"], by=admin(), at=AT)
    first = first_admin_outcomes([token, token], ["", ""])
    assert sorted(first) == ["done", "refused"]
    assert User.objects.filter(email="ada@desk.example").count() == 1


def test_of_two_first_admins_at_once_there_is_one(fresh_database: str) -> None:
    token = first_admin_link(at=AT) or ""
    outcomes = first_admin_outcomes([token, token], ["a@desk.example", "b@desk.example"])
    assert sorted(outcomes) == ["done", "refused"]
    assert User.objects.active_admins().count() == 1


def first_admin_outcomes(tokens: list[str], emails: list[str]) -> list[str]:
    barrier, outcomes = threading.Barrier(len(tokens)), list[str]()

    def run(token: str, email: str) -> None:
        connection.ensure_connection()
        barrier.wait(timeout=10)
        try:
            accept(token, email=email)
            outcomes.append("done")
        except DomainError:
            outcomes.append("refused")
        except Exception as error:
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in zip(tokens, emails, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes
