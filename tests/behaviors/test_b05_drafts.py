"""B5. Drafts: kept while people type, whatever happens to the ticket, and never twice."""

import pytest

from steward.core.errors import Invalid, NotAllowed, NotFound
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.changing import add_tag, change_ticket, remove_tag, transfer_ticket
from steward.desk.actions.drafts import (
    AlreadySent,
    Typed,
    attach_to_draft,
    detach_from_draft,
    discard_draft,
    drop_copy,
    save_draft,
    share_draft,
    take_over_draft,
    use_copy,
)
from steward.desk.actions.filing import bytes_upload, store_file
from steward.desk.actions.intake import receive_message
from steward.desk.actions.leaving import offer_what_was_left
from steward.desk.actions.lifecycle import change_status, reopen_ticket
from steward.desk.actions.replies import add_note, reply
from steward.desk.actions.sending import Manner, Written, send_note, send_reply
from steward.desk.models import Draft, DraftCopy, Message, PendingFile
from steward.desk.queries.writing import drafted, own_drafts, writing_on
from steward.desk.rules.states import State
from steward.ledger.models import Event
from steward.people.actions import deactivate_user
from steward.people.models import Notice
from tests.cast import SETUP
from tests.desk.conftest import at_once, rows_are_as_the_ledger_says

__all__ = ["rows_are_as_the_ledger_says"]

REPLY, NOTE = Draft.Kind.REPLY, Draft.Kind.NOTE


def save(cast, ticket, body, *, who=None, kind=REPLY, **typed):
    return save_draft(
        ticket_id=ticket.pk, kind=kind, typed=Typed(body, **typed), by=cast.actor(who or cast.ada), at=cast.later(seconds=3)
    )


def a_file(name="log.txt", content=b"12:01 error\n"):
    return store_file(bytes_upload(name, content))


def attach(cast, ticket, name="log.txt"):
    return attach_to_draft(
        ticket_id=ticket.pk, kind=REPLY, file=a_file(name), client_token="t", by=cast.actor(cast.ada), at=cast.later(seconds=1)
    )


def test_a_draft_is_one_row_a_ticket_a_person_and_a_kind(cast):
    ticket, other = cast.ticket(), cast.ticket("Another")
    for body in ("Hel", "Hello", "Hello Ravi "):
        save(cast, ticket, body, device="tab", turn=len(body))
    save(cast, ticket, "Ask Eno", kind=NOTE)
    save(cast, ticket, "Ben's", who=cast.ben)
    save(cast, other, "Elsewhere")
    found = Draft.objects.filter(ticket=ticket).order_by("id").values_list("author__name", "kind", "body", "version")
    assert list(found) == [("Ada", "reply", "Hello Ravi ", 3), ("Ada", "note", "Ask Eno", 1), ("Ben", "reply", "Ben's", 1)]


def test_nothing_typed_and_everything_deleted_leaves_no_row(cast):
    ticket = cast.ticket()
    assert save(cast, ticket, "  \u200b ") is None
    save(cast, ticket, "Text")
    assert save(cast, ticket, "", version=1) is None
    assert not Draft.objects.exists()


def test_typing_is_no_fact_and_does_not_touch_the_ticket(cast):
    ticket = cast.ticket()
    before, events = ticket.updated_at, Event.objects.count()
    save(cast, ticket, "Hello")
    attach(cast, ticket)
    ticket.refresh_from_db()
    assert (ticket.updated_at, Event.objects.count()) == (before, events)


def test_no_change_of_the_ticket_touches_a_draft(cast):
    ticket = cast.ticket()
    save(cast, ticket, "Half an answer", client_token="t", device="tab", turn=4)
    save(cast, ticket, "Half a note", kind=NOTE)
    attach(cast, ticket)
    before = list(Draft.objects.order_by("id").values())
    ben, lin, ravi = cast.actor(cast.ben), cast.actor(cast.lin), cast.actor(cast.ravi)
    at = cast.later(minutes=1)
    tag = add_tag(ticket_id=ticket.pk, name="login", by=ben, at=at)
    remove_tag(ticket_id=ticket.pk, tag_id=tag.pk, by=ben, at=at)
    change_ticket(ticket_id=ticket.pk, changes={"priority": (3, 1), "subject": (ticket.subject, "New")}, by=ben, at=at)
    assign_ticket(ticket_id=ticket.pk, to=cast.ben, by=ben, at=at)
    reply(ticket_id=ticket.pk, body="Mine is first", then=State.PENDING, by=ben, at=at)
    add_note(ticket_id=ticket.pk, body="And a note", by=ben, at=at)
    receive_message(ticket_id=ticket.pk, body="Still broken", by=ravi, at=at)
    change_status(ticket_id=ticket.pk, state=State.ON_HOLD, reason="vendor", by=ben, at=at)
    change_status(ticket_id=ticket.pk, state=State.SOLVED, by=ben, at=at)
    reopen_ticket(ticket_id=ticket.pk, by=ben, at=at)
    transfer_ticket(ticket_id=ticket.pk, queue_id=cast.restricted.pk, reason="Grave", by=lin, at=at)
    change_status(ticket_id=ticket.pk, state=State.CLOSED, reason="Spam", by=lin, at=at)
    assert list(Draft.objects.order_by("id").values()) == before
    assert PendingFile.objects.count() == 1


def test_a_ticket_gone_out_of_sight_leaves_its_author_the_text_and_nothing_of_the_ticket(cast):
    ticket = cast.ticket("Something grave")
    save(cast, ticket, "My long answer")
    transfer_ticket(ticket_id=ticket.pk, queue_id=cast.restricted.pk, reason="Grave", by=cast.actor(cast.lin), at=cast.at)
    with pytest.raises(NotFound):
        save(cast, ticket, "More of it", version=1)
    (row,) = own_drafts(user_id=cast.ada.pk, queue_ids=[cast.support.pk])
    assert (row.body, row.subject, row.in_sight) == ("My long answer", "", False)


def test_of_two_devices_the_newer_wins_and_the_other_text_is_kept_and_offered(cast):
    ticket = cast.ticket()
    save(cast, ticket, "From the desk", device="desk", turn=1)
    save(cast, ticket, "From the phone", device="phone", turn=1)
    ada = cast.actor(cast.ada)
    mine = writing_on(ada, ticket.pk).own["reply"]
    assert (mine.body, [copy.body for copy in mine.copies]) == ("From the phone", ["From the desk"])
    # Both go on typing: one copy a device, never a pile.
    for number in range(4):
        save(cast, ticket, f"Desk {number}", device="desk", turn=2 + number)
        save(cast, ticket, f"Phone {number}", device="phone", turn=2 + number)
    mine = writing_on(ada, ticket.pk).own["reply"]
    assert {mine.body, *(copy.body for copy in mine.copies)} >= {"Phone 3", "Desk 3"}
    assert len(mine.copies) == 2
    desk = next(copy for copy in mine.copies if copy.body == "Desk 3")
    use_copy(copy_id=desk.id, by=ada, at=cast.later(seconds=1))
    again = writing_on(ada, ticket.pk).own["reply"]
    assert again.body == "Desk 3"
    assert "Phone 3" in {copy.body for copy in again.copies}
    for copy in again.copies:
        drop_copy(copy_id=copy.id, by=ada)
    assert not DraftCopy.objects.exists()
    assert writing_on(ada, ticket.pk).own["reply"].body == "Desk 3"


def test_who_has_seen_the_newest_version_replaces_it_without_a_copy(cast):
    ticket = cast.ticket()
    first = save(cast, ticket, "From the desk", device="desk", turn=1)
    save(cast, ticket, "From the desk and the phone", device="phone", turn=1, version=first.version)
    assert not DraftCopy.objects.exists()


def test_a_save_that_arrives_after_a_later_one_changes_nothing(cast):
    ticket = cast.ticket()
    save(cast, ticket, "Hello Ravi", device="tab", turn=7)
    save(cast, ticket, "Hel", device="tab", turn=6)
    assert Draft.objects.get().body == "Hello Ravi"


def test_two_devices_saving_at_once_leave_one_draft_and_lose_neither_text(fresh_cast):
    cast = fresh_cast
    ticket = cast.ticket()
    at_once(*[lambda n=n: save(cast, ticket, f"Text {n}", device=f"device-{n}", turn=1) for n in range(4)])
    draft = Draft.objects.get()
    assert {draft.body, *DraftCopy.objects.values_list("body", flat=True)} == {f"Text {n}" for n in range(4)}


@pytest.mark.parametrize("bad", ["a\x00b", "half \ud800", "x" * 1_000_001])
def test_what_cannot_be_stored_is_refused_and_the_draft_stays(cast, bad):
    ticket = cast.ticket()
    save(cast, ticket, "Good")
    with pytest.raises(Invalid):
        save(cast, ticket, bad, version=1)
    assert Draft.objects.get().body == "Good"


def test_a_sent_draft_vanishes_with_its_files_on_the_message(cast):
    ticket = cast.ticket()
    save(cast, ticket, "See the log", client_token="t", device="tab", turn=1)
    file = attach(cast, ticket)
    version = Draft.objects.get().version
    written = Written("See the log", client_token="t", draft_version=version, file_ids=[file.pk])
    sent = send_reply(ticket_id=ticket.pk, written=written, manner=Manner(), by=cast.actor(cast.ada), at=cast.later(minutes=1))
    assert isinstance(sent, Message)
    assert [one.name for one in sent.attachments.all()] == ["log.txt"]
    assert not Draft.objects.exists()
    assert not PendingFile.objects.exists()


def test_a_save_that_arrives_after_sending_brings_nothing_back(cast):
    ticket = cast.ticket()
    save(cast, ticket, "Done", client_token="t")
    send_reply(
        ticket_id=ticket.pk,
        written=Written("Done", client_token="t", draft_version=1),
        manner=Manner(),
        by=cast.actor(cast.ada),
        at=cast.at,
    )
    with pytest.raises(AlreadySent):
        save(cast, ticket, "Done", client_token="t", version=1)
    assert not Draft.objects.exists()


def test_what_another_device_wrote_since_then_outlives_the_sending(cast):
    ticket = cast.ticket()
    save(cast, ticket, "Short", client_token="t", device="phone", turn=1)
    save(cast, ticket, "Short and then much more", client_token="t", device="desk", turn=1, version=1)
    ada = cast.actor(cast.ada)
    send_reply(
        ticket_id=ticket.pk, written=Written("Short", client_token="t", draft_version=1), manner=Manner(), by=ada, at=cast.at
    )
    draft = Draft.objects.get()
    assert (draft.body, draft.client_token) == ("Short and then much more", "")


def test_a_note_takes_its_own_draft_along_and_leaves_the_reply_alone(cast):
    ticket = cast.ticket()
    save(cast, ticket, "To Ravi", client_token="r")
    save(cast, ticket, "Among us", kind=NOTE, client_token="n")
    send_note(
        ticket_id=ticket.pk, written=Written("Among us", client_token="n", draft_version=1), by=cast.actor(cast.ada), at=cast.at
    )
    assert list(Draft.objects.values_list("kind", "body")) == [("reply", "To Ravi")]


def test_a_file_taken_off_in_another_window_is_named_and_nothing_is_sent(cast):
    ticket = cast.ticket()
    file = attach(cast, ticket)
    detach_from_draft(file_id=file.pk, by=cast.actor(cast.ada))
    written = Written("See the log", client_token="t", file_ids=[file.pk])
    with pytest.raises(Invalid, match="file"):
        send_reply(ticket_id=ticket.pk, written=written, manner=Manner(), by=cast.actor(cast.ada), at=cast.at)
    assert Message.objects.count() == 1


def test_only_ten_files_fit_and_nobody_takes_off_somebody_elses(cast):
    ticket = cast.ticket()
    files = [attach(cast, ticket, f"{number}.txt") for number in range(10)]
    with pytest.raises(Invalid):
        attach(cast, ticket, "eleventh.txt")
    detach_from_draft(file_id=files[0].pk, by=cast.actor(cast.ben))
    assert PendingFile.objects.count() == 10
    discard_draft(draft_id=files[0].draft_id, by=cast.actor(cast.ben))
    assert Draft.objects.exists()
    discard_draft(draft_id=files[0].draft_id, by=cast.actor(cast.ada))
    assert not Draft.objects.exists()
    assert not PendingFile.objects.exists()


def test_people_out_of_sight_or_without_the_right_write_no_draft(cast):
    ticket, hidden = cast.ticket(), cast.ticket(queue=cast.restricted)
    for who, where in ((cast.ada, hidden), (cast.eno, ticket), (cast.ravi, ticket)):
        with pytest.raises(NotFound):
            save(cast, where, "Hello", who=who)
    with pytest.raises(NotAllowed):
        save(cast, ticket, "Hello", who=cast.ana)
    assert not Draft.objects.exists()


def test_colleagues_see_that_there_is_a_draft_and_never_its_text(cast):
    ticket = cast.ticket()
    save(cast, ticket, "Nobody's business yet")
    seen = writing_on(cast.actor(cast.ben), ticket.pk)
    assert [(one.author, one.kind) for one in seen.foreign] == [("Ada", "reply")]
    assert "business" not in repr(seen)


def test_a_draft_is_taken_over_when_shared_or_by_a_lead_and_its_author_is_told(cast):
    ticket = cast.ticket()
    draft = save(cast, ticket, "Begun by Ada", client_token="t")
    attach(cast, ticket)
    ben = cast.actor(cast.ben)
    with pytest.raises(NotAllowed):
        take_over_draft(draft_id=draft.pk, by=ben, at=cast.at)
    with pytest.raises(NotFound):
        share_draft(draft_id=draft.pk, is_shared=True, by=ben)
    share_draft(draft_id=draft.pk, is_shared=True, by=cast.actor(cast.ada))
    mine = take_over_draft(draft_id=draft.pk, by=ben, at=cast.at)
    assert (mine.author_id, mine.body, mine.is_shared, mine.files.count()) == (cast.ben.pk, "Begun by Ada", False, 1)
    assert list(Notice.objects.values_list("user__name", "kind")) == [("Ada", "draft_taken")]
    lins = take_over_draft(draft_id=draft.pk, by=cast.actor(cast.lin), at=cast.at)
    assert lins.author_id == cast.lin.pk


def test_whoever_has_begun_already_keeps_both_texts(cast):
    ticket = cast.ticket()
    save(cast, ticket, "Lin's own", who=cast.lin)
    draft = save(cast, ticket, "Ada's text")
    attach(cast, ticket)
    mine = take_over_draft(draft_id=draft.pk, by=cast.actor(cast.lin), at=cast.at)
    assert mine.body == "Lin's own"
    assert list(mine.copies.values_list("body", flat=True)) == ["Ada's text"]
    assert mine.files.count() == 1
    assert Draft.objects.count() == 1


def test_two_who_take_a_draft_over_at_once_get_it_once(fresh_cast):
    cast = fresh_cast
    ticket = cast.ticket()
    draft = save(cast, ticket, "Begun by Ada")
    share_draft(draft_id=draft.pk, is_shared=True, by=cast.actor(cast.ada))
    results = at_once(
        *[lambda who=who: take_over_draft(draft_id=draft.pk, by=cast.actor(who), at=cast.at) for who in (cast.ben, cast.ben)]
    )
    assert not [one for one in results if isinstance(one, Exception)]
    results = at_once(
        *[lambda who=who: take_over_draft(draft_id=draft.pk, by=cast.actor(who), at=cast.at) for who in (cast.lin, cast.ada)]
    )
    assert Draft.objects.get().author_id in {cast.lin.pk, cast.ada.pk}


def test_what_somebody_who_left_was_writing_is_kept_and_offered_to_the_lead(cast):
    ticket, grave = cast.ticket(), cast.ticket(queue=cast.restricted)
    draft = save(cast, ticket, "Nearly done")
    save(cast, grave, "Lin writes here", who=cast.lin)
    deactivate_user(user_id=cast.ada.pk, by=SETUP, at=cast.at)
    assert offer_what_was_left(user_id=cast.ada.pk, at=cast.at) == 1
    assert list(Notice.objects.values_list("user__name", "kind", "ticket_id")) == [("Lin", "draft_left", ticket.pk)]
    mine = take_over_draft(draft_id=draft.pk, by=cast.actor(cast.ben), at=cast.at)
    assert mine.body == "Nearly done"


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_marks_of_a_list_cost_one_query(cast, assert_queries, count):
    tickets = [cast.ticket(f"Ticket {number}") for number in range(count)]
    for ticket in tickets[:2]:
        save(cast, ticket, "Begun")
    save(cast, tickets[-1], "Ben's", who=cast.ben)
    with assert_queries(1):
        marked = drafted([ticket.pk for ticket in tickets], user_id=cast.ada.pk)
    assert marked == {ticket.pk for ticket in tickets[:2]}
    ada = cast.actor(cast.ada)
    with assert_queries(1):
        writing_on(ada, tickets[0].pk)
