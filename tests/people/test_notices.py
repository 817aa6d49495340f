"""Notices: who gets them, who may read them, who wants them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from steward.core.errors import Invalid, NotAllowed
from steward.people.actions import deactivate_user, mark_notices_read, move_notices, notify, set_notice_rule
from steward.people.actor import anonymous
from steward.people.models import Notice
from steward.people.queries import actor_for, notices_of, own_rules, unread_count
from steward.people.rules import NoticeRule, Telling, Told, telling
from tests.people.cast import AT, SYSTEM, kinds_on, last_on, user

pytestmark = pytest.mark.django_db
OPEN, RESTRICTED = 1, 2


def tell(*user_ids: int, queue_id: int | None = OPEN, ticket_id: int | None = 7, kind: str = "clock_warned") -> list[Notice]:
    return notify(user_ids=user_ids, kind=kind, ticket_id=ticket_id, queue_id=queue_id, data={"clock": 3}, by=SYSTEM, at=AT)


def test_each_user_is_told_once_and_the_ledger_knows() -> None:
    ada, ben = user("Ada"), user("Ben")
    notices = tell(ben.pk, ada.pk, ben.pk)
    assert sorted(notice.user_id for notice in notices) == [ada.pk, ben.pk]
    assert last_on(f"user:{ada.pk}") == {
        "user_id": ada.pk,
        "notice_id": next(notice.pk for notice in notices if notice.user_id == ada.pk),
        "notice_kind": "clock_warned",
        "ticket_id": 7,
        "queue_id": OPEN,
        "telling": "plain",
        "first_id": None,
    }


def test_nobody_to_tell_is_no_error() -> None:
    assert tell() == []


def test_who_is_deactivated_is_not_told() -> None:
    ada = user("Ada")
    deactivate_user(user_id=ada.pk, by=SYSTEM, at=AT)
    assert tell(ada.pk) == []


def test_who_turned_a_kind_off_is_told_of_the_others() -> None:
    ada = user("Ada")
    me = actor_for(ada)
    set_notice_rule(kind="clock_warned", how="off", by=me, at=AT)
    assert tell(ada.pk) == []
    assert len(tell(ada.pk, kind="clock_breached")) == 1
    assert own_rules(ada.pk)["clock_warned"].how == "off"
    set_notice_rule(kind="clock_warned", how="plain", by=me, at=AT)
    assert len(tell(ada.pk)) == 1
    changes = [kind for kind in kinds_on(f"user:{ada.pk}") if kind == "people.notice_preference_changed"]
    assert len(changes) == 2


def test_saving_the_same_preference_records_nothing() -> None:
    me = actor_for(user("Ada"))
    set_notice_rule(kind="clock_warned", how="plain", by=me, at=AT)
    assert kinds_on(f"user:{me.user_id}") == ["people.user_joined"]


def test_a_notice_from_a_queue_one_may_not_see_is_neither_read_nor_counted() -> None:
    ada = user("Ada")
    tell(ada.pk, queue_id=OPEN)
    tell(ada.pk, queue_id=RESTRICTED, kind="clock_breached")
    notify(user_ids=[ada.pk], kind="welcome", by=SYSTEM, at=AT)
    assert unread_count(ada.pk, visible_queue_ids=[OPEN]) == 2
    assert {notice.queue_id for notice in notices_of(ada.pk, visible_queue_ids=iter([OPEN]))} == {OPEN, None}
    assert unread_count(ada.pk, visible_queue_ids=[]) == 1
    assert unread_count(ada.pk, visible_queue_ids=[OPEN, RESTRICTED]) == 3


def test_a_notice_follows_its_ticket_into_a_restricted_queue() -> None:
    ada = user("Ada")
    tell(ada.pk, ticket_id=7, queue_id=OPEN)
    tell(ada.pk, ticket_id=8, queue_id=OPEN)
    assert move_notices(ticket_id=7, queue_id=RESTRICTED) == 1
    assert [notice.ticket_id for notice in notices_of(ada.pk, visible_queue_ids=[OPEN])] == [8]


def test_a_notice_about_a_ticket_names_its_queue() -> None:
    ada = user("Ada")
    with pytest.raises(ValueError, match="queue"):
        tell(ada.pk, queue_id=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(user=ada, kind="x", ticket_id=7, created_at=AT)


def test_notices_are_read_up_to_one_and_only_ones_own() -> None:
    ada, ben = user("Ada"), user("Ben")
    first, second = (tell(ada.pk)[0] for _each in range(2))
    tell(ben.pk)
    assert mark_notices_read(up_to_id=first.pk, by=actor_for(ada), at=AT) == 1
    assert unread_count(ada.pk, visible_queue_ids=[OPEN]) == 1
    assert mark_notices_read(up_to_id=10**12, by=actor_for(ada), at=AT) == 1
    assert last_on(f"user:{ada.pk}") == {"user_id": ada.pk, "count": 1, "last_notice_id": second.pk}
    assert mark_notices_read(up_to_id=10**12, by=actor_for(ada), at=AT) == 0
    assert unread_count(ben.pk, visible_queue_ids=[OPEN]) == 1


def test_who_is_not_signed_in_reads_nothing_and_prefers_nothing() -> None:
    with pytest.raises(NotAllowed):
        mark_notices_read(up_to_id=1, by=anonymous(), at=AT)
    with pytest.raises(NotAllowed):
        set_notice_rule(kind="x", how="off", by=anonymous(), at=AT)


def test_a_kind_is_a_small_word() -> None:
    with pytest.raises(Invalid):
        tell(user("Ada").pk, kind="Not a kind!")


def test_notices_are_paged_from_the_newest(assert_queries) -> None:
    ada = user("Ada")
    ids = [tell(ada.pk)[0].pk for _each in range(5)]
    page = notices_of(ada.pk, visible_queue_ids=[OPEN], limit=2)
    assert [notice.pk for notice in page] == ids[:2:-1]
    with assert_queries(1):
        assert [notice.pk for notice in notices_of(ada.pk, visible_queue_ids=[OPEN], before_id=page[-1].pk, limit=2)] == [
            ids[2],
            ids[1],
        ]


def test_the_count_of_unread_notices_stops_at_a_hundred() -> None:
    ada = user("Ada")
    Notice.objects.bulk_create(Notice(user=ada, kind="x", created_at=AT) for _each in range(130))
    assert unread_count(ada.pk, visible_queue_ids=[]) == 100


class TestRules:
    """How loud, of which queues, and when."""

    def test_a_kind_is_wanted_of_some_queues_only(self) -> None:
        ada = user("Ada")
        set_notice_rule(kind="clock_warned", how="loud", queue_ids=[OPEN], by=actor_for(ada), at=AT)
        assert tell(ada.pk, queue_id=RESTRICTED) == []
        assert [notice.loud for notice in tell(ada.pk, queue_id=OPEN)] == [True]

    def test_what_follows_within_minutes_joins_the_batch_and_is_not_heard_again(self) -> None:
        ada = user("Ada")
        set_notice_rule(kind="clock_warned", how="loud", by=actor_for(ada), at=AT)
        first = tell(ada.pk)[0]
        second = notify(user_ids=[ada.pk], kind="clock_warned", by=SYSTEM, at=AT + timedelta(minutes=9, seconds=59))[0]
        later = notify(user_ids=[ada.pk], kind="clock_warned", by=SYSTEM, at=AT + timedelta(minutes=10))[0]
        assert (first.loud, second.loud, later.loud) == (True, False, True)
        assert (second.first_id, later.first_id) == (first.pk, None)
        assert unread_count(ada.pk, visible_queue_ids=[OPEN]) == 2

    def test_a_batch_that_was_read_is_over(self) -> None:
        ada = user("Ada")
        first = tell(ada.pk)[0]
        mark_notices_read(up_to_id=first.pk, by=actor_for(ada), at=AT)
        assert tell(ada.pk)[0].first_id is None

    @pytest.mark.parametrize(
        ("rule", "off_shift", "always", "told"),
        [
            (NoticeRule(), False, False, Telling.PLAIN),
            (NoticeRule(), True, False, Telling.KEPT),
            (NoticeRule(only_on_shift=False), True, False, Telling.PLAIN),
            (NoticeRule(Told.LOUD), False, False, Telling.LOUD),
            (NoticeRule(Told.LOUD), True, True, Telling.LOUD),
            (NoticeRule(Told.OFF), True, True, Telling.PLAIN),
            (NoticeRule(Told.OFF), False, False, Telling.NOT),
            (NoticeRule(queue_ids=frozenset({2})), False, False, Telling.NOT),
            (NoticeRule(queue_ids=frozenset({1})), False, False, Telling.PLAIN),
        ],
    )
    def test_one_notice_for_one_person(self, rule: NoticeRule, off_shift: bool, always: bool, told: Telling) -> None:
        assert telling(rule, queue_id=1, is_off_shift=off_shift, always=always) == told

    def test_what_is_about_no_queue_is_told_to_whoever_chose_queues(self) -> None:
        assert telling(NoticeRule(queue_ids=frozenset({2})), queue_id=None, is_off_shift=False) == Telling.PLAIN
