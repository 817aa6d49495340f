"""Looking at covered files: each look leaves its trace, time is counted once, and the limit holds."""

from datetime import timedelta

import pytest

from steward.core.errors import Invalid, NotAllowed, NotFound
from steward.desk.actions.caring import flag_ticket, let_look_longer, set_care_limits, set_care_preference
from steward.desk.actions.filing import bytes_upload, store_file
from steward.desk.actions.intake import receive_message
from steward.desk.actions.redacting import keep_redacted
from steward.desk.actions.viewing import ExposureLimit, beat, cover_again, end_left_views, view_files
from steward.desk.models import Attachment, Exposure, MediaView
from steward.desk.queries.care import care_problems, counts_since, flagged_among, looking_of_all
from steward.desk.rules.care import Verdict
from steward.ledger.models import Event
from steward.people.actor import system
from steward.people.models import Notice
from tests.desk.conftest import at_once, kinds
from tests.pictures import photo, png

BY_ITSELF = system("test")


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path


def file_on(cast, ticket, name="shot.png", content=None):
    files = [store_file(bytes_upload(name, content or png(color=(1, 2, len(name) % 250))))]
    message = receive_message(ticket_id=ticket.pk, body="Look", files=files, by=cast.actor(cast.ravi), at=cast.at)
    return message.attachments.get()


def look(cast, who, *files):
    return [view.pk for view in view_files(attachment_ids=[file.pk for file in files], by=cast.actor(who), at=cast.at)]


def watch(cast, who, ids, *, seconds, every=10):
    for _beat in range(seconds // every):
        told = beat(view_ids=ids, by=cast.actor(who), at=cast.later(seconds=every))
    return told


def test_each_look_is_kept_with_who_which_when_and_how_long(cast):
    file = file_on(cast, cast.ticket())
    ids = look(cast, cast.ada, file)
    watch(cast, cast.ada, ids, seconds=30)
    cover_again(view_ids=ids, by=cast.actor(cast.ada), at=cast.later(seconds=4))
    view = MediaView.objects.get()
    assert (view.user, view.attachment, view.how, view.seconds) == (cast.ada, file, "shown", 34)
    assert view.ended_at == cast.at
    stream = Event.objects.filter(stream=f"attachment:{file.pk}").order_by("seq")
    assert [(event.kind, event.actor_id) for event in stream] == [
        ("desk.media_viewed", cast.ada.pk),
        ("desk.media_view_ended", cast.ada.pk),
    ]
    assert list(care_problems()) == []


def test_verify_names_a_view_that_the_ledger_does_not_know_and_one_that_lasted_otherwise(cast):
    file = file_on(cast, cast.ticket())
    ids = look(cast, cast.ada, file)
    cover_again(view_ids=ids, by=cast.actor(cast.ada), at=cast.later(seconds=5))
    MediaView.objects.update(seconds=500)
    MediaView.objects.create(
        user=cast.ben, attachment=file, ticket_id=file.message.ticket_id, how="shown", opened_at=cast.at, last_beat_at=cast.at
    )
    problems = "\n".join(care_problems())
    assert "lasted 500 s, the ledger says 5" in problems
    assert "not in the ledger" in problems


def test_two_files_at_once_count_once_and_two_tabs_too(cast):
    ticket = cast.ticket()
    one, two = file_on(cast, ticket, "one.png"), file_on(cast, ticket, "two2.png")
    ids = look(cast, cast.ada, one, two)
    for _n in range(6):
        beat(view_ids=ids[:1], by=cast.actor(cast.ada), at=cast.later(seconds=5))
        beat(view_ids=ids, by=cast.actor(cast.ada), at=cast.later(seconds=5))
    assert Exposure.objects.get(user=cast.ada).seconds == 60
    assert [view.seconds for view in MediaView.objects.order_by("id")] == [60, 60]


def test_beats_of_two_tabs_at_the_same_moment_count_once(fresh_cast):
    cast = fresh_cast
    ids = look(cast, cast.ada, file_on(cast, cast.ticket()))
    at = cast.later(seconds=10)
    at_once(*[lambda: beat(view_ids=ids, by=cast.actor(cast.ada), at=at)] * 4)
    assert Exposure.objects.get(user=cast.ada).seconds == 10
    assert MediaView.objects.get().seconds == 10


def test_a_page_that_went_away_without_a_word_ends_its_views_where_it_last_told(cast):
    ids = look(cast, cast.ada, file_on(cast, cast.ticket()))
    watch(cast, cast.ada, ids, seconds=20)
    last = cast.at
    assert end_left_views(by=BY_ITSELF, at=cast.later(seconds=50)) == 0
    assert end_left_views(by=BY_ITSELF, at=cast.later(seconds=20)) == 1
    view = MediaView.objects.get()
    assert (view.seconds, view.ended_at) == (20, last)
    assert list(care_problems()) == []


def test_at_the_limit_nothing_covered_is_shown_until_a_lead_says_so_with_a_reason(cast):
    set_care_limits(
        limit=timedelta(minutes=2),
        rest_after=timedelta(minutes=1),
        rest_for=timedelta(minutes=5),
        by=cast.actor(cast.ana),
        at=cast.at,
    )
    file = file_on(cast, cast.ticket())
    ids = look(cast, cast.ada, file)
    assert watch(cast, cast.ada, ids, seconds=50).verdict == Verdict.GO_ON
    assert watch(cast, cast.ada, ids, seconds=10).verdict == Verdict.REST
    assert watch(cast, cast.ada, ids, seconds=60).verdict == Verdict.STOP
    cover_again(view_ids=ids, by=cast.actor(cast.ada), at=cast.at)
    for how in MediaView.How.values:
        with pytest.raises(ExposureLimit) as told:
            view_files(attachment_ids=[file.pk], how=how, by=cast.actor(cast.ada), at=cast.at)
        assert "2 minutes" in told.value.message
        assert "break" in told.value.hint
    assert look(cast, cast.ben, file), "another person's minutes are their own"
    extend = {"user_id": cast.ada.pk, "more": timedelta(minutes=15), "at": cast.at}
    with pytest.raises(NotAllowed):
        let_look_longer(reason="I must", by=cast.actor(cast.ben), **extend)
    with pytest.raises(Invalid):
        let_look_longer(reason="  ", by=cast.actor(cast.lin), **extend)
    let_look_longer(reason="A child is in danger now", by=cast.actor(cast.lin), **extend)
    assert look(cast, cast.ada, file)
    assert Notice.objects.get(user=cast.ada, kind="exposure_extended").data == {"minutes": 15}
    assert "danger" not in str(Event.objects.filter(kind="desk.exposure_extended").get().payload)


def test_nobody_lets_themself_go_on(cast):
    with pytest.raises(NotAllowed):
        let_look_longer(user_id=cast.lin.pk, more=timedelta(minutes=5), reason="x", by=cast.actor(cast.lin), at=cast.at)


def test_the_count_begins_anew_with_the_shift_and_otherwise_with_the_day_where_the_person_is(cast):
    ada = cast.actor(cast.ada)
    assert counts_since(ada, cast.at) == cast.at.replace(hour=0)
    from dataclasses import replace

    tokyo = replace(ada, time_zone="Asia/Tokyo")
    assert counts_since(tokyo, cast.at).isoformat() == "2026-03-02T00:00:00+09:00"
    cast.on_shift(cast.ada, hours=2)
    assert counts_since(ada, cast.at) == cast.at - timedelta(hours=1)


def test_a_file_out_of_sight_or_erased_is_not_shown_and_the_whole_asking_fails(cast):
    seen, hidden = file_on(cast, cast.ticket()), file_on(cast, cast.ticket(queue=cast.restricted), "hidden.png")
    with pytest.raises(NotFound):
        look(cast, cast.ada, seen, hidden)
    assert not MediaView.objects.exists()
    Attachment.objects.filter(pk=seen.pk).update(erased_at=cast.at, name="", sha256="")
    with pytest.raises(NotFound):
        look(cast, cast.lin, seen)


def test_anothers_views_are_not_mine_to_end(cast):
    ids = look(cast, cast.ada, file_on(cast, cast.ticket()))
    cover_again(view_ids=ids, by=cast.actor(cast.ben), at=cast.later(seconds=5))
    assert MediaView.objects.get().ended_at is None


def test_leads_see_how_long_and_not_what(cast):
    ids = look(cast, cast.ada, file_on(cast, cast.ticket()))
    watch(cast, cast.ada, ids, seconds=40)
    row = looking_of_all(cast.at)[0]
    assert (row.name, row.seconds, row.views, row.last_seconds) == ("Ada", 40, 1, 40)
    assert looking_of_all(cast.at + timedelta(days=9)) == []


class TestFlags:
    """What a ticket is flagged for."""

    def test_flagging_is_told_in_the_ledger_and_once(self, cast):
        ticket = cast.ticket()
        for _twice in range(2):
            flag_ticket(ticket_id=ticket.pk, harm="violence", by=cast.actor(cast.ada), at=cast.at)
        flag_ticket(ticket_id=ticket.pk, harm="", by=cast.actor(cast.ada), at=cast.at)
        assert kinds(ticket).count("ticket_flagged") == 2

    def test_what_is_no_kind_is_refused(self, cast):
        with pytest.raises(Invalid):
            flag_ticket(ticket_id=cast.ticket().pk, harm="cats", by=cast.actor(cast.ada), at=cast.at)

    def test_flagged_are_restricted_and_careful_queues_and_flagged_tickets(self, cast):
        plain, hidden, flagged = cast.ticket(), cast.ticket(queue=cast.restricted), cast.ticket()
        flag_ticket(ticket_id=flagged.pk, harm="hate", by=cast.actor(cast.ada), at=cast.at)
        assert flagged_among([plain.pk, hidden.pk, flagged.pk]) == {hidden.pk, flagged.pk}
        assert flagged_among([]) == set()


def test_wishes_are_kept_and_told_once(cast):
    for _twice in range(2):
        set_care_preference(cover_all=True, in_gray=False, by=cast.actor(cast.ada), at=cast.at)
    changes = Event.objects.filter(kind="desk.care_preference_changed")
    assert [event.payload["changes"] for event in changes] == [{"cover_all": [False, True]}]


@pytest.mark.parametrize("bad", [timedelta(), timedelta(seconds=59), timedelta(hours=13)])
def test_limits_that_cannot_be_meant_are_refused(cast, bad):
    usual = {"limit": timedelta(hours=1), "rest_after": timedelta(minutes=20), "rest_for": timedelta(minutes=5)}
    for name in usual:
        with pytest.raises(Invalid):
            set_care_limits(**{**usual, name: bad}, by=cast.actor(cast.ana), at=cast.at)
    with pytest.raises(NotAllowed):
        set_care_limits(**usual, by=cast.actor(cast.lin), at=cast.at)


class TestRedactedCopies:
    """A picture that came in, and its copy with parts made unreadable."""

    def test_a_copy_stands_beside_the_original_and_the_same_copy_is_one(self, cast):
        ticket = cast.ticket()
        file = file_on(cast, ticket)
        copies = {
            keep_redacted(
                attachment_id=file.pk, upload=bytes_upload("shot-redacted.png", png(4, 4)), by=cast.actor(cast.ada), at=cast.at
            ).pk
            for _twice in range(2)
        }
        assert len(copies) == 1
        copy = Attachment.objects.get(pk=copies.pop())
        assert (copy.redacts, copy.message) == (file, file.message)
        assert kinds(ticket).count("file_redacted") == 1

    def test_what_is_no_picture_or_out_of_sight_is_refused(self, cast):
        file = file_on(cast, cast.ticket(queue=cast.restricted))
        with pytest.raises(Invalid):
            keep_redacted(attachment_id=file.pk, upload=bytes_upload("a.txt", b"text"), by=cast.actor(cast.lin), at=cast.at)
        with pytest.raises(NotFound):
            keep_redacted(attachment_id=file.pk, upload=bytes_upload("a.png", png()), by=cast.actor(cast.ada), at=cast.at)


def test_a_photograph_kept_has_no_maker(cast):
    file = file_on(cast, cast.ticket(), "photo.jpg", photo())
    assert file.media_type == "image/jpeg"
