"""Somebody is erased: a word of theirs is searched for in every column of the database, and on the disk, and found nowhere."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import connection

from steward.channels.actions.outbox import tell
from steward.channels.actions.taking_in import take_in
from steward.channels.actions.widget_opening import keep_page
from steward.channels.actions.widget_sites import create_widget_site
from steward.channels.contract import Place
from steward.channels.models import Channel, ChannelPerson, InboundEnvelope, Outgoing
from steward.channels.rules.kinds import ChannelKind
from steward.channels.said import Said
from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.core.personal import Holds
from steward.desk.actions.drafts import Typed, save_draft
from steward.desk.actions.erasing import erase_bytes, erase_content
from steward.desk.actions.field_settings import create_field
from steward.desk.actions.field_values import set_field
from steward.desk.actions.filing import bytes_upload, path_of, store_file, veil_of
from steward.desk.actions.following_up import add_follow_up
from steward.desk.actions.intake import receive_message
from steward.desk.actions.replies import add_note, reply
from steward.desk.actions.revising import revise_message
from steward.desk.models import (
    Attachment,
    Automation,
    AutomationRun,
    BulkRow,
    BulkRun,
    Conversation,
    Draft,
    DraftCopy,
    Exposure,
    ExposureAllowance,
    Handling,
    HandlingCorrection,
    Handover,
    HeldReply,
    Macro,
    MacroRun,
    Message,
    PendingFile,
    Question,
    SavedView,
    Ticket,
)
from steward.desk.queries.search import search_tickets
from steward.desk.queries.verification import problems
from steward.insight.queries.daily import daily_report
from steward.insight.queries.written import as_data
from steward.ledger.models import Event, ParkedStream
from steward.ledger.subscriptions import checks
from steward.people.actions import carry_on, erase_person, preview_erasure
from steward.people.actions.tokens import make_token
from steward.people.erasing import TOMBSTONE, Whom
from steward.people.models import Erasure, Invitation, Requester, User
from steward.people.rules import Role
from steward.roster.actions import add_shift
from steward.roster.models import Shift
from tests.cast import SETUP, requester, user
from tests.channels.people import asker
from tests.desk.conftest import settle
from tests.pictures import png

WORD = "zyxwvunique"


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path


def found(word=WORD):
    """Name every column of every table in which a word stands, however it is written there."""
    places = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name IN"
            " (SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema = 'public')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s)', [f"%{word}%"])
            if cursor.fetchone()[0]:
                places.add(f"{table}.{column}")
    return places


def personal_columns():
    """Name the columns that packages say hold words of or about people."""
    from importlib import import_module

    named = set()
    for package in ("ledger", "people", "roster", "desk", "sla", "channels"):
        for name, holds in import_module(f"steward.{package}.personal").PERSONAL.items():
            if holds == Holds.PERSON:
                model, field = name.split(".")
                named.add(f"{apps.get_model(package, model)._meta.db_table}.{field}")
    return named


def a_story(cast):
    """Let somebody whose every word is one word ask, and the desk write about them wherever it can."""
    zed = requester("Zed", platform_role=WORD, team=WORD, market=WORD, client_version=WORD)
    Requester.objects.filter(pk=zed.pk).update(
        name=WORD.title(), email=f"{WORD}@x.example", external_id=WORD, source="hr", language="en"
    )
    zed.refresh_from_db()
    zed.user = None
    speaker = asker(zed)
    said = Said(body=f"I am {WORD}", subject=f"About {WORD}", client_token="t1", uploads=[bytes_upload(f"{WORD}.png", png(9, 9))])
    message = take_in(kind=ChannelKind.PORTAL, said=said, by=speaker, at=cast.at)
    with pytest.raises(Invalid):
        take_in(
            kind=ChannelKind.PORTAL,
            said=Said(body="x", client_token="t2", uploads=[bytes_upload(f"{WORD}.png", b"<html>")]),
            by=speaker,
            at=cast.at,
        )
    ticket = message.ticket
    ada = cast.actor(cast.ada)
    files = [store_file(bytes_upload(f"{WORD}.txt", WORD.encode()))]
    reply(ticket_id=ticket.pk, body=f"Dear {WORD}", by=ada, at=cast.later(minutes=5))
    add_note(ticket_id=ticket.pk, body=f"{WORD} again", files=files, by=ada, at=cast.later(minutes=1))
    add_follow_up(ticket_id=ticket.pk, owner=cast.ada, what=f"Call {WORD}", due_at=cast.at + timedelta(hours=3), by=ada, at=cast.at)
    save_draft(ticket_id=ticket.pk, kind=Draft.Kind.REPLY, typed=Typed(body=f"Hm {WORD}", client_token="d"), by=ada, at=cast.at)
    DraftCopy.objects.create(draft=Draft.objects.get(), device="d2", body=WORD, saved_at=cast.at)
    PendingFile.objects.create(
        draft=Draft.objects.get(), name=f"{WORD}.txt", media_type="text/plain", size=1, sha256=files[0].sha256, created_at=cast.at
    )
    HeldReply.objects.create(ticket=ticket, author=cast.ada, body=WORD, created_at=cast.at, due_at=cast.at + timedelta(hours=1))
    Conversation.objects.create(
        ticket=ticket, kind="side", channel="portal", topic=WORD, party=WORD, address=WORD, created_at=cast.at
    )
    field = create_field(values={"name": "Account", "kind": "text"}, by=cast.actor(cast.ana), at=cast.at)
    set_field(ticket_id=ticket.pk, field_id=field.pk, value=WORD, by=ada, at=cast.at)
    Question.objects.create(
        ticket=ticket,
        message=message,
        kind="rating",
        options=["5"],
        asked_at=cast.at,
        answer="5",
        answered_at=cast.at,
        comment=WORD,
    )
    macro = Macro.objects.create(name="m", scope="all", created_at=cast.at) if not Macro.objects.exists() else Macro.objects.first()
    MacroRun.objects.create(macro=macro, version=1, ticket=ticket, user=cast.ada, done=[{"subject": WORD}], ran_at=cast.at)
    handover = Handover.objects.create(user=cast.ada, note=f"{WORD} waits", created_at=cast.at)
    handover.tickets.create(ticket=ticket, choice="kept")
    SavedView.objects.create(
        name="v", owner=cast.ada, scope="private", text=f"from:{WORD}@x.example", order="due", created_at=cast.at
    )
    run = BulkRun.objects.create(user=cast.ada, calls=[], created_at=cast.at)
    BulkRow.objects.create(run=run, ticket=ticket, state="failed", reason=WORD, done=[{"subject": WORD}])
    rule = Automation.objects.create(
        name="r", position=1, parked_at=cast.at, parked_why="error", parked_detail=WORD, owner=cast.lin, created_at=cast.at
    )
    AutomationRun.objects.create(
        automation=rule, version=1, ticket=ticket, occasion="o", outcome="refused", detail=WORD, ran_at=cast.at
    )
    site = create_widget_site(values={"name": "Console", "origins": ["https://console.example"]}, by=SETUP, at=cast.at)
    page = {
        "site_id": site.pk,
        "address": f"https://console.example/{WORD}",
        "title": WORD,
        "app_version": WORD,
        "client_version": WORD,
    }
    keep_page(message, page)
    channel = Channel.objects.create(kind="matrix", name="m")
    person = ChannelPerson.objects.create(channel=channel, vendor_id=f"@{WORD}:x", name=WORD, requester=zed, created_at=cast.at)
    tell(channel_id=channel.pk, place=Place("!r"), text=f"#1 · {WORD}", key="k", person=person, at=cast.at)
    Outgoing.objects.filter(channel=channel).update(problem=f"550 There is no {WORD}")
    revise_message(message_id=message.pk, body=f"I was {WORD}", by=cast.actor(zed), at=cast.at)
    settle()
    ParkedStream.objects.create(
        subscriber="x", stream=f"ticket:{ticket.pk}", event_id=1, error=f"Key (email)=({WORD})", parked_at=cast.at
    )
    return zed, ticket


def erase(cast, **whom):
    erasure = erase_person(reason="asked", by=cast.actor(cast.ana), at=cast.later(hours=1), **whom)
    assert carry_on(erasure_id=erasure.pk, seconds=60, at=cast.at)
    settle()
    return erasure


# What is only of those who sign in, and what a hash stands for.
OF_USERS = {
    "people_invitation.email", "people_invitation.name", "people_user.password", "people_user.language", "people_user.time_zone",
    "people_apitoken.name", "roster_shift.note", "desk_exposureallowance.reason", "desk_handlingcorrection.reason",
}  # fmt: skip
BY_HASH = {"desk_attachment.sha256", "desk_pendingfile.sha256", "people_requester.language", "people_requester.time_zone"}


def test_a_requesters_word_is_nowhere_once_they_are_erased(cast):
    zed, ticket = a_story(cast)
    places = found()
    assert personal_columns() - places - OF_USERS - BY_HASH == set(), "the story must plant the word wherever one may stand"
    hashes = list(Attachment.objects.values_list("sha256", flat=True))
    erase(cast, requester_id=zed.pk)
    assert found() == set()
    for sha256 in hashes:
        assert found(sha256) <= {"procrastinate_jobs.args"}
    ticket.refresh_from_db()
    assert (ticket.subject, Message.objects.filter(ticket=ticket).count()) == (TOMBSTONE, 3)
    assert search_tickets(WORD, queue_ids=[cast.support.pk], at=cast.at) == []
    zed.refresh_from_db()
    assert (zed.name, zed.email, zed.erased_at is not None) == ("", None, True)
    assert Erasure.objects.get().finished_at is not None


def test_the_ledger_and_the_rows_still_agree_and_the_report_of_the_day_is_the_same(cast):
    zed, _ticket = a_story(cast)
    ParkedStream.objects.all().delete()
    HeldReply.objects.all().delete()
    Conversation.objects.filter(kind="side").delete()
    Handover.objects.get().tickets.all().delete()
    SavedView.objects.all().delete()
    AutomationRun.objects.all().delete()
    BulkRow.objects.all().delete()
    BulkRun.objects.all().delete()
    Automation.objects.all().delete()
    day, in_sight = cast.at.date(), [cast.support.pk]
    before = report(cast, day, in_sight)
    wrong = {name: list(check()) for name, check in checks().items()}
    erase(cast, requester_id=zed.pk)
    after = report(cast, day, in_sight)
    for told in (before, after):
        for one in told["notable"]:
            one.pop("subject")
    assert after == before
    assert {name: list(check()) for name, check in checks().items()} == wrong
    assert list(problems()) == []
    told = Event.objects.filter(kind="people.requester_erased").get()
    assert (told.payload["reason"], told.actor_id) == ("asked", cast.ana.pk)


def report(cast, day, in_sight):
    assert isinstance(day, date)
    return as_data(daily_report(day=day, zone="UTC", queue_ids=in_sight, at=cast.at + timedelta(days=2)))


def test_a_users_name_address_and_ways_in_are_gone_and_what_they_did_stays(cast):
    gone = user(WORD.title(), Role.AGENT, team=cast.team)
    User.objects.filter(pk=gone.pk).update(email=f"{WORD}@desk.example")
    gone.refresh_from_db()
    ticket = cast.ticket()
    reply(ticket_id=ticket.pk, body="Hello", by=cast.actor(gone), at=cast.at)
    Invitation.objects.create(
        email=gone.email, name=WORD, roles=["agent"], token_hash="h", created_at=cast.at, expires_at=cast.at + timedelta(days=1),
        accepted_at=cast.at, accepted_by=gone,
    )  # fmt: skip
    add_shift(user=gone, starts_at=cast.at, ends_at=cast.at + timedelta(hours=8), time_zone="UTC", by=SETUP, at=cast.at)
    Shift.objects.filter(user=gone).update(note=WORD)
    exposure = Exposure.objects.create(user=gone, since=cast.at)
    ExposureAllowance.objects.create(exposure=exposure, seconds=60, reason=WORD, created_at=cast.at)
    handling = Handling.objects.create(ticket=ticket, user=gone, **handled(cast))
    HandlingCorrection.objects.create(
        handling=handling, old_seconds=1, seconds=2, reason=WORD, corrected_by=cast.lin, created_at=cast.at
    )
    make_token(user_id=gone.pk, name=WORD, scopes=["tickets:read"], by=cast.actor(gone), at=cast.at)
    assert {
        "people_user.name",
        "people_apitoken.name",
        "people_invitation.name",
        "roster_shift.note",
        "desk_exposureallowance.reason",
    } <= found()
    erase(cast, user_id=gone.pk)
    assert found() == set()
    gone.refresh_from_db()
    assert (gone.is_active, gone.roles, gone.name) == (False, ["agent"], TOMBSTONE)
    assert Message.objects.filter(author_user=gone).count() == 1


def handled(cast):
    names = {field.name for field in Handling._meta.concrete_fields}
    values = {
        "from_at": cast.at,
        "until_at": cast.at + timedelta(seconds=1),
        "started_at": cast.at,
        "ended_at": cast.at + timedelta(seconds=1),
        "touched_at": cast.at,
        "seconds": 1,
    }
    return {name: value for name, value in values.items() if name in names}


def test_bytes_go_with_the_last_row_that_has_them_and_not_before(cast, tmp_path):
    zed = requester("Zed")
    ticket, other = cast.ticket(requester=zed), cast.ticket()
    stored = store_file(bytes_upload("shot.png", png(9, 9)))
    assert veil_of(stored.sha256)
    for one, who in ((ticket, zed), (other, cast.ravi)):
        receive_message(ticket_id=one.pk, body="", files=[stored], by=cast.actor(who), at=cast.at)
    place = tmp_path / path_of(stored.sha256)
    later = cast.at.replace(year=2100)
    erase(cast, requester_id=zed.pk)
    assert erase_bytes(sha256=stored.sha256, at=later)
    assert place.exists(), "somebody else's ticket has the same file"
    message = Message.objects.get(ticket=other, attachments__isnull=False)
    file = message.attachments.get()
    erase_content(message_id=message.pk, words=False, attachment_ids=[file.pk], reason="law", by=cast.actor(cast.lin), at=cast.at)
    from steward.core import clock

    assert not erase_bytes(sha256=stored.sha256, at=clock.now()), "stored a moment ago, it may be on its way onto a message"
    assert erase_bytes(sha256=stored.sha256, at=later)
    assert not place.exists()
    assert not (tmp_path / "veils" / stored.sha256).exists()
    assert erase_bytes(sha256=stored.sha256, at=later), "again is no error"


def test_a_killed_erasure_is_carried_on(cast, monkeypatch):
    zed = requester("Zed")
    for _n in range(3):
        cast.ticket(f"{WORD} {_n}", requester=zed)
    from steward.desk.actions import erasing_people
    from steward.people.actions import carry_on_all
    from steward.people.erasing import Part, declare_part

    monkeypatch.setattr(erasing_people, "TICKETS_AT_ONCE", 1)
    erasure = erase_person(requester_id=zed.pk, reason="law", by=cast.actor(cast.ana), at=cast.at)
    assert not carry_on(erasure_id=erasure.pk, seconds=0, at=cast.at)
    assert Message.objects.filter(body="").count() == 1
    assert isinstance(Part("x", lambda *_a: (), lambda *_a: False), Part)
    assert declare_part
    assert carry_on_all(at=cast.at) == 1
    assert found() == set()


def test_what_an_admin_is_shown_counts_what_they_see_and_takes_what_they_do_not(cast):
    zed = requester("Zed")
    cast.ticket("One", requester=zed)
    hidden = cast.ticket(f"Hidden {WORD}", requester=zed, queue=cast.restricted)
    shown = {str(one.label): one.count for one in preview_erasure(Whom(zed.pk), by=cast.actor(cast.ana))}
    assert shown["Messages and notes"] == 1
    erase(cast, requester_id=zed.pk)
    assert Message.objects.get(ticket=hidden).body == ""


@pytest.mark.parametrize("name", ["ada", "lin", "eno"])
def test_only_admins_erase_a_person(cast, name):
    by = cast.actor(getattr(cast, name))
    with pytest.raises(NotAllowed):
        erase_person(requester_id=cast.oto.pk, reason="asked", by=by, at=cast.at)
    with pytest.raises(NotAllowed):
        preview_erasure(Whom(cast.oto.pk), by=by)


def test_who_cannot_be_erased(cast):
    ana = cast.actor(cast.ana)
    with pytest.raises(Conflict, match="yourself"):
        erase_person(user_id=cast.ana.pk, reason="asked", by=ana, at=cast.at)
    with pytest.raises(NotFound):
        erase_person(requester_id=10**9, reason="asked", by=ana, at=cast.at)
    with pytest.raises(Invalid):
        erase_person(requester_id=cast.oto.pk, reason="because", by=ana, at=cast.at)
    erase_person(requester_id=cast.oto.pk, reason="asked", by=ana, at=cast.at)
    with pytest.raises(Conflict, match="were erased"):
        erase_person(requester_id=cast.oto.pk, reason="asked", by=ana, at=cast.at)


class TestOneMessage:
    """The words and files of a single message, by a lead who sees it."""

    def test_its_words_go_with_the_subject_taken_from_them_and_from_search(self, cast):
        ticket = cast.ticket(f"{WORD} is the first line\nand more")
        message = Message.objects.get(ticket=ticket)
        erase_content(message_id=message.pk, words=True, attachment_ids=[], reason="mistake", by=cast.actor(cast.lin), at=cast.at)
        settle()
        assert found() == set()
        assert list(problems()) == []
        told = Event.objects.get(kind="desk.message_erased")
        assert told.payload == {"ticket_id": ticket.pk, "message_id": message.pk, "reason": "mistake"}

    def test_twice_is_told_once(self, cast):
        message = Message.objects.get(ticket=cast.ticket())
        for _twice in range(2):
            erase_content(message_id=message.pk, words=True, attachment_ids=[], reason="law", by=cast.actor(cast.lin), at=cast.at)
        assert Event.objects.filter(kind="desk.message_erased").count() == 1

    def test_the_envelope_it_came_in_is_emptied(self, cast):
        said = Said(body=f"I am {WORD}", subject="Hello", client_token="t")
        message = take_in(kind=ChannelKind.PORTAL, said=said, by=asker(cast.ravi), at=cast.at)
        erase_content(message_id=message.pk, words=True, attachment_ids=[], reason="law", by=cast.actor(cast.lin), at=cast.at)
        settle()
        assert InboundEnvelope.objects.get().raw == {"erased": True}
        assert found() == set()

    @pytest.mark.parametrize("name", ["ada", "eno"])
    def test_agents_and_engineers_do_not_erase(self, cast, name):
        message = Message.objects.get(ticket=cast.ticket())
        with pytest.raises((NotAllowed, NotFound)):
            erase_content(
                message_id=message.pk, words=True, attachment_ids=[], reason="law", by=cast.actor(getattr(cast, name)), at=cast.at
            )

    def test_out_of_sight_it_does_not_exist_and_nothing_chosen_is_nothing_done(self, cast):
        hidden = Message.objects.get(ticket=cast.ticket(queue=cast.restricted))
        with pytest.raises(NotFound):
            erase_content(message_id=hidden.pk, words=True, attachment_ids=[], reason="law", by=cast.actor(cast.ana), at=cast.at)
        with pytest.raises(Invalid):
            erase_content(message_id=hidden.pk, words=False, attachment_ids=[], reason="law", by=cast.actor(cast.lin), at=cast.at)
        assert Ticket.objects.get(pk=hidden.ticket_id).subject
