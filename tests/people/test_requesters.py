"""Knowing who asks for help."""

import threading

import pytest
from django.db import connection

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.ledger.models import Event
from steward.people.actions import change_requester, ensure_requester
from steward.people.models import Requester
from steward.people.permissions import may_change_requester, may_see_requester
from steward.people.queries import actor_for, requester_actor, requester_of
from tests.people.cast import AT, SYSTEM, kinds_on, last_on, user


@pytest.mark.django_db
class TestRequesters:
    def test_a_requester_is_found_by_address_however_it_is_written(self) -> None:
        first = ensure_requester(email="Ravi@X.example", name="Ravi", by=SYSTEM, at=AT)
        again = ensure_requester(email="ravi@x.example", by=SYSTEM, at=AT)
        assert first == again
        assert kinds_on(f"requester:{first.pk}") == ["people.requester_created"]

    def test_a_requester_without_address_is_found_by_the_id_their_source_gives(self) -> None:
        first = ensure_requester(source="chat", external_id="u-7", by=SYSTEM, at=AT)
        assert ensure_requester(source="chat", external_id="u-7", by=SYSTEM, at=AT) == first
        assert ensure_requester(source="mail", external_id="u-7", by=SYSTEM, at=AT) != first

    def test_somebody_without_address_and_id_is_refused(self) -> None:
        with pytest.raises(Invalid):
            ensure_requester(name="Ravi", by=SYSTEM, at=AT)

    def test_the_platforms_data_are_brought_up_to_date_and_what_they_chose_stays(self) -> None:
        known = ensure_requester(
            email="ravi@x.example", name="Ravi", language="de", client_version="1.0", market="DE", by=SYSTEM, at=AT
        )
        again = ensure_requester(
            email="ravi@x.example",
            name="R. N.",
            language="en",
            client_version="1.1",
            market="",
            time_zone="Asia/Tokyo",
            by=SYSTEM,
            at=AT,
        )
        again.refresh_from_db()
        assert (again.name, again.language, again.client_version, again.market, again.time_zone) == (
            "Ravi",
            "de",
            "1.1",
            "DE",
            "Asia/Tokyo",
        )
        assert last_on(f"requester:{known.pk}") == {
            "requester_id": known.pk,
            "changes": {"time_zone": ["", "Asia/Tokyo"]},
            "personal": ["client_version"],
        }

    def test_the_ledger_knows_no_name_and_no_address(self) -> None:
        known = ensure_requester(email="ravi@x.example", name="Ravi", external_id="ravi-77", source="chat", by=SYSTEM, at=AT)
        change_requester(requester_id=known.pk, changes={"name": "Ravi Narayan", "email": "narayan@x.example"}, by=SYSTEM, at=AT)
        assert last_on(f"requester:{known.pk}")["personal"] == ["email", "name"]
        for word in ("ravi", "narayan"):
            assert not Event.objects.filter(payload__icontains=word).exists()

    def test_two_requesters_have_two_addresses(self) -> None:
        ensure_requester(email="ravi@x.example", by=SYSTEM, at=AT)
        other = ensure_requester(email="oto@x.example", by=SYSTEM, at=AT)
        with pytest.raises(Conflict):
            change_requester(requester_id=other.pk, changes={"email": "RAVI@x.example"}, by=SYSTEM, at=AT)

    def test_the_address_somebody_signs_in_with_is_changed_with_their_account(self) -> None:
        ravi = user("Ravi", "requester")
        requester = requester_of(ravi.pk)
        assert requester
        with pytest.raises(Conflict):
            change_requester(requester_id=requester.pk, changes={"email": "other@x.example"}, by=SYSTEM, at=AT)

    def test_erased_data_stay_erased(self) -> None:
        gone = Requester.objects.create(created_at=AT, erased_at=AT)
        with pytest.raises(Conflict):
            change_requester(requester_id=gone.pk, changes={"name": "Back"}, by=SYSTEM, at=AT)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("email", "nobody"),
            ("name", "N" * 201),
            ("time_zone", "Mars"),
            ("language", "klingon please"),
            ("market", "D\x00"),
            ("source", "x"),
        ],
    )
    def test_a_bad_value_is_refused_naming_its_field(self, field: str, value: str) -> None:
        known = ensure_requester(email="ravi@x.example", by=SYSTEM, at=AT)
        with pytest.raises(Invalid) as refused:
            change_requester(requester_id=known.pk, changes={field: value}, by=SYSTEM, at=AT)
        assert refused.value.field == field

    def test_a_name_from_right_to_left_is_kept(self) -> None:
        name = "\u200fמשה \u202bكريم\u202c 👩\u200d💻"
        assert ensure_requester(email="m@x.example", name=name, by=SYSTEM, at=AT).name == name

    def test_who_is_not_there_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            change_requester(requester_id=999_999, changes={"name": "X"}, by=SYSTEM, at=AT)

    @pytest.mark.parametrize(
        ("role", "may"),
        [("requester", False), ("engineer", False), ("reviewer", False), ("agent", True), ("lead", True), ("admin", True)],
    )
    def test_agents_leads_and_admins_correct_what_is_known(self, role: str, may: bool) -> None:
        known, actor = ensure_requester(email="ravi@x.example", by=SYSTEM, at=AT), actor_for(user("Someone", role))
        assert may_change_requester(actor) is may
        if may:
            assert change_requester(requester_id=known.pk, changes={"market": "DE"}, by=actor, at=AT).market == "DE"
        else:
            with pytest.raises(NotAllowed):
                change_requester(requester_id=known.pk, changes={"market": "DE"}, by=actor, at=AT)

    def test_a_requester_sees_themselves_and_nobody_else(self) -> None:
        ravi = ensure_requester(email="ravi@x.example", by=SYSTEM, at=AT)
        oto = ensure_requester(email="oto@x.example", by=SYSTEM, at=AT)
        actor = requester_actor(ravi)
        assert may_see_requester(actor, ravi.pk)
        assert not may_see_requester(actor, oto.pk)
        assert may_see_requester(actor_for(user("Ada")), oto.pk)


def test_two_channels_that_hear_the_same_person_at_once_make_one_requester(fresh_database: str) -> None:
    barrier, found = threading.Barrier(4), list[int]()

    def run() -> None:
        connection.ensure_connection()
        barrier.wait(timeout=10)
        try:
            found.append(ensure_requester(email="ravi@x.example", by=SYSTEM, at=AT).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(found) == 4
    assert set(found) == {Requester.objects.get().pk}
    assert Event.objects.filter(kind="people.requester_created").count() == 1
