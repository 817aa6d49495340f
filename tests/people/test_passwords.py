"""Password links and new passwords."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from steward.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from steward.ledger.models import Event
from steward.people.actions import deactivate_user, mail_password_link, make_password_link, set_password, use_password_link
from steward.people.actor import anonymous
from steward.people.models import PasswordLink, User
from steward.people.queries import actor_for
from steward.people.rules import PASSWORD_LINK_LIVES_FOR
from tests.people.cast import AT, PASSWORD, SYSTEM, admin, last_on, user

NEW = "an entirely other phrase"


def use(token: str, *, password: str = NEW, after: timedelta = timedelta(0)) -> User:
    return use_password_link(token=token, password=password, by=anonymous(request_id="r-2"), at=AT + after)


@pytest.mark.django_db
class TestPasswordLinks:
    def test_a_link_sets_a_new_password_once(self) -> None:
        ada = user("Ada", password=PASSWORD)
        link, token = make_password_link(user_id=ada.pk, by=admin(), at=AT)
        assert use(token).check_password(NEW)
        assert last_on(f"user:{ada.pk}") == {"user_id": ada.pk, "how": "link", "password_link_id": link.pk}
        with pytest.raises(Conflict):
            use(token, password="yet another phrase")
        assert User.objects.get(id=ada.pk).check_password(NEW)

    def test_the_user_did_it_not_the_admin(self) -> None:
        ada = user("Ada")
        _link, token = make_password_link(user_id=ada.pk, by=admin(), at=AT)
        use(token)
        event = Event.objects.get(kind="people.password_changed", stream=f"user:{ada.pk}")
        assert (event.actor_id, event.request_id) == (ada.pk, "r-2")

    def test_the_token_is_kept_nowhere(self) -> None:
        _link, token = make_password_link(user_id=user("Ada").pk, by=admin(), at=AT)
        assert token not in str(list(PasswordLink.objects.values()))

    def test_a_link_expires(self) -> None:
        _link, token = make_password_link(user_id=user("Ada").pk, by=admin(), at=AT)
        with pytest.raises(Conflict):
            use(token, after=PASSWORD_LINK_LIVES_FOR)

    def test_the_latest_link_is_the_one_that_works(self) -> None:
        ada, root = user("Ada"), admin()
        _link, first = make_password_link(user_id=ada.pk, by=root, at=AT)
        _link, second = make_password_link(user_id=ada.pk, by=root, at=AT)
        with pytest.raises(Conflict):
            use(first)
        assert use(second)

    def test_a_made_up_link_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            use("made-up")

    def test_a_bad_password_leaves_the_link_open(self) -> None:
        _link, token = make_password_link(user_id=user("Ada").pk, by=admin(), at=AT)
        with pytest.raises(Invalid):
            use(token, password="short")
        assert use(token)

    def test_a_deactivated_user_gets_no_link_and_uses_none(self) -> None:
        ada, root = user("Ada"), admin()
        _link, token = make_password_link(user_id=ada.pk, by=root, at=AT)
        deactivate_user(user_id=ada.pk, by=root, at=AT)
        with pytest.raises(Conflict):
            use(token)
        with pytest.raises(Conflict):
            make_password_link(user_id=ada.pk, by=root, at=AT)

    def test_an_own_new_password_kills_open_links(self) -> None:
        ada = user("Ada", password=PASSWORD)
        _link, token = make_password_link(user_id=ada.pk, by=admin(), at=AT)
        set_password(user_id=ada.pk, password=NEW, how="self", by=actor_for(ada), at=AT)
        with pytest.raises(Conflict):
            use(token, password="yet another phrase")

    def test_a_deactivated_user_sets_no_password(self) -> None:
        ada = user("Ada")
        deactivate_user(user_id=ada.pk, by=SYSTEM, at=AT)
        with pytest.raises(NotAllowed):
            set_password(user_id=ada.pk, password=NEW, how="mail", by=anonymous(), at=AT)

    def test_passwords_are_hashed_with_argon2(self) -> None:
        assert user("Ada", password=PASSWORD).password.startswith("argon2")

    def test_with_mail_the_link_is_sent_in_the_users_language_and_works(self, settings, live_urls) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        ada = user("Ada")
        link, token = make_password_link(user_id=ada.pk, mail=True, by=admin(), at=AT)
        assert token == ""
        assert mail_password_link(password_link_id=link.pk, at=AT)
        [sent] = mail.outbox
        address = next(line for line in sent.body.splitlines() if line.startswith("http"))
        assert use(address.rstrip("/").rpartition("/")[2])
        assert not mail_password_link(password_link_id=link.pk, at=AT)


def test_of_two_who_use_one_link_at_once_the_second_is_refused(fresh_database: str) -> None:
    ada = user("Ada")
    _link, token = make_password_link(user_id=ada.pk, by=admin(), at=AT)
    barrier, outcomes = threading.Barrier(2), dict[str, str]()

    def run(password: str) -> None:
        connection.ensure_connection()
        barrier.wait(timeout=10)
        try:
            use(token, password=password)
            outcomes[password] = "done"
        except DomainError:
            outcomes[password] = "refused"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[password]) for password in (NEW, "yet another phrase")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes.values()) == ["done", "refused"]
    winner = next(password for password, outcome in outcomes.items() if outcome == "done")
    assert User.objects.get(id=ada.pk).check_password(winner)
    assert Event.objects.filter(kind="people.password_changed", stream=f"user:{ada.pk}").count() == 1
