"""B11: merge with side-by-side preview, target choice, draft kept, undo for a day."""

import pytest

from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.drafts import Typed, save_draft
from steward.desk.actions.locking import Merged
from steward.desk.actions.merging import merge_tickets, unmerge_ticket
from steward.desk.models import Draft, Ticket
from tests.cast import Cast
from tests.web.ticket.acting import as_, asking_user, say, text_of

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_both_tickets_are_seen_side_by_side_with_what_will_happen(cast: Cast) -> None:
    one, other = cast.ticket("The page is empty.", subject="Empty page"), cast.ticket("Still empty!", requester=cast.oto)
    say(cast, one, cast.ben, "Looking into it.")
    page = text_of(as_(cast.ada).get("/tickets/merge/", {"id": [one.pk, other.pk]}))
    for told in ("Empty page", "Still empty!", "Looking into it.", "Ravi", "Oto", f"Merge into #{one.pk}", "another person"):
        assert told in page, told
    turned = text_of(as_(cast.ada).get("/tickets/merge/", {"id": [one.pk, other.pk], "into": other.pk}))
    assert f"Merge into #{other.pk}" in turned
    assert "Ben owns it from then on." in turned


def test_a_ticket_alone_offers_what_else_its_requester_has_open(cast: Cast) -> None:
    one, other, others = cast.ticket(subject="One"), cast.ticket(subject="Two"), cast.ticket(subject="Oto's", requester=cast.oto)
    page = text_of(as_(cast.ada).get("/tickets/merge/", {"id": one.pk}))
    assert f"#{other.pk} Two" in page
    assert f"#{others.pk}" not in page


def test_merging_leads_to_the_target_and_the_old_address_does_too(cast: Cast) -> None:
    one, other = cast.ticket("First words."), cast.ticket("Second words.")
    browser = as_(cast.ada)
    answer = browser.post("/tickets/merge/now/", {"id": [one.pk, other.pk], "into": one.pk, "tell": "on"})
    assert answer["Location"] == f"/tickets/{one.pk}/"
    led = browser.get(f"/tickets/{other.pk}/?view=mine")
    assert led["Location"] == f"/tickets/{one.pk}/?view=mine&from={other.pk}"
    page = text_of(browser.get(f"/tickets/{one.pk}/"))
    for told in (
        "First words.",
        "Second words.",
        f"on #{other.pk}",
        "1 ticket is merged into this one",
        f"merged #{other.pk} into it",
    ):
        assert told in page, told
    alone = text_of(browser.get(f"/tickets/{other.pk}/?alone=1"))
    assert f"#{other.pk} was merged into #{one.pk}." in alone


def test_the_draft_stays_on_its_ticket_and_is_shown_on_the_target(cast: Cast) -> None:
    one, other = cast.ticket(), cast.ticket()
    ada = cast.actor(cast.ada)
    save_draft(ticket_id=other.pk, kind=Draft.Kind.REPLY, typed=Typed(body="Half a sentence"), by=ada, at=cast.at)
    merge_tickets(source_ids=[other.pk], target_id=one.pk, by=ada, at=cast.at)
    assert "Half a sentence" in text_of(as_(cast.ada).get(f"/tickets/{one.pk}/"))
    assert "Half a sentence" not in text_of(as_(cast.ben).get(f"/tickets/{one.pk}/"))
    unmerge_ticket(ticket_id=other.pk, by=ada, at=cast.at)
    assert Draft.objects.get().ticket_id == other.pk


def test_it_is_taken_back_from_the_target_with_one_click(cast: Cast) -> None:
    one, other = cast.ticket(), cast.ticket()
    merge_tickets(source_ids=[other.pk], target_id=one.pk, by=cast.actor(cast.ada), at=cast.at)
    answer = as_(cast.ada).post(f"/tickets/{other.pk}/unmerge/", headers=HTMX)
    # The cast lives in the past: for today's screens the day is over, and a lead is needed.
    assert answer.status_code == 403
    assert as_(cast.lin).post(f"/tickets/{other.pk}/unmerge/", headers=HTMX)["HX-Redirect"] == f"/tickets/{other.pk}/"
    assert Ticket.objects.get(pk=other.pk).state == "new"


def test_what_cannot_be_merged_says_why_before_and_after(cast: Cast) -> None:
    one, hidden = cast.ticket(), cast.ticket("Grave.", queue=cast.restricted)
    page = text_of(as_(cast.lin).get("/tickets/merge/", {"id": [one.pk, hidden.pk], "into": one.pk}))
    assert f"#{hidden.pk} is in a restricted queue" in page
    assert as_(cast.lin).post("/tickets/merge/now/", {"id": [one.pk, hidden.pk], "into": one.pk}).status_code == 409
    unseen = text_of(as_(cast.ada).get("/tickets/merge/", {"id": [one.pk, hidden.pk]}))
    assert "Grave." not in unseen
    assert "Not found, or not yours to change" in unseen


def test_outsiders_merge_nothing(cast: Cast) -> None:
    who, asks = asking_user()
    one, other = cast.ticket(requester=asks), cast.ticket(requester=asks)
    assert as_(who).get("/tickets/merge/", {"id": [one.pk, other.pk]}).status_code == 404
    assert as_(who).post("/tickets/merge/now/", {"id": [one.pk, other.pk], "into": one.pk}).status_code == 404
    assert not Ticket.objects.filter(outcome="merged").exists()


def test_what_goes_on_elsewhere_is_given_to_nobody_and_comes_back_new(cast: Cast) -> None:
    one, other, lin = cast.ticket(), cast.ticket("The same again"), cast.actor(cast.lin)
    merge_tickets(source_ids=[other.pk], target_id=one.pk, by=lin, at=cast.later(minutes=1))
    with pytest.raises(Merged, match=f"#{one.pk}"):
        assign_ticket(ticket_id=other.pk, to=cast.ben, by=lin, at=cast.at)
    unmerge_ticket(ticket_id=other.pk, by=lin, at=cast.later(minutes=1))
    other.refresh_from_db()
    assert (other.state, other.assignee_id) == ("new", None)
