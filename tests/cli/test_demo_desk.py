"""What the demo desk is made of, and the week played from it."""

import string
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from random import Random

import pytest
from PIL import Image

from steward.cli.demo_desk import PASSWORD, SIGN_INS
from steward.cli.demo_desk.files import log, screenshot
from steward.cli.demo_desk.pictures import PRIVATE, blackened, profile, still
from steward.cli.demo_desk.script import Words, read_outage, read_people, read_threads
from steward.desk.rules.files import claimed_type, looks_like_text

NOW = datetime(2026, 3, 12, 15, 20, tzinfo=UTC)
TURNS = {"r", "a", "n", "to", "e", "l", "end"}


def gaps(text: str) -> set[str]:
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name}


def test_there_are_more_than_sixty_threads_in_many_languages_each_with_its_own_key():
    threads = read_threads()
    assert len(threads) >= 60
    assert max(Counter(thread.key for thread in threads).values()) == 1
    assert len({thread.lang for thread in threads}) >= 10
    assert {thread.queue for thread in threads} == {"support", "access", "appeals", "media", "child_safety", "legal"}


@pytest.mark.parametrize("thread", read_threads(), ids=lambda thread: thread.key)
def test_every_turn_is_known_and_every_gap_can_be_filled(thread):
    words = {*Words(Random(1)).draw(), "name"}
    assert "r" in thread.talk[0]
    assert thread.lang in read_people()["requesters"]
    for turn in thread.talk:
        (kind,) = TURNS & set(turn)
        said = [turn[kind]] if isinstance(turn[kind], str) else turn[kind] if isinstance(turn[kind], list) else []
        for text in [*said, turn.get("why", ""), turn.get("say", "")]:
            assert gaps(text) <= words
    for place, turn in enumerate(thread.talk):
        if "end" in turn:
            assert thread.talk[place - 1].get("then") == "solved"
            assert turn["end"] in {3, 4, 5, "no", "quiet"} or turn["end"] is False


def test_no_two_openings_read_alike():
    words, drawn = Words(Random(2)), []
    for thread in read_threads():
        for _copy in range(thread.times):
            found = words.unique(thread.openings, name="Grace", market="India")
            drawn += [found[0]] if found else []
    assert len(drawn) == len(set(drawn)) > 200


def test_the_outage_is_reported_by_about_forty_people_in_their_own_words():
    said = read_outage()
    assert 35 <= len(said["reports"]) <= 45
    assert {lang for lang, _text in said["reports"]} <= {"en", *said["fixed_by_lang"]}
    assert len(said["engineer"]) == 3


def test_the_files_are_what_their_names_say():
    picture = screenshot(Random(3))
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert claimed_type("a.png") == "image/png"
    assert looks_like_text(log(Random(3), NOW))
    assert screenshot(Random(3)) == picture


def test_the_pictures_are_drawn_and_a_blackened_one_tells_nothing_private():
    assert still(Random(4)).startswith(b"\xff\xd8")
    assert still(Random(4)) == still(Random(4)) != still(Random(5))
    told = Image.open(BytesIO(profile(Random(6))))
    kept = Image.open(BytesIO(blackened(profile(Random(6)))))
    for box in PRIVATE:
        assert len(told.crop(box).getcolors()) > 1
        assert kept.crop(box).getcolors() == [((box[2] - box[0]) * (box[3] - box[1]), (0, 0, 0))]


@pytest.mark.long
def test_the_week_is_played_whole_and_is_what_its_ledger_tells(fresh_database):
    from django.contrib.auth import authenticate

    from steward.cli.demo_desk.build import build
    from steward.desk.models import (
        Attachment,
        AutomationRun,
        BulkRun,
        Conversation,
        Draft,
        DryRun,
        Exposure,
        ExposureAllowance,
        Handling,
        Handover,
        HeldReply,
        Link,
        MacroRun,
        Message,
        Ticket,
        TicketFields,
        Watcher,
    )
    from steward.ledger.models import ParkedStream
    from steward.ledger.subscriptions import checks
    from steward.sla.models import Clock

    planned = build(now=NOW)
    assert Ticket.objects.count() == planned >= 280
    assert set(Ticket.objects.values_list("state", flat=True)) == {"new", "open", "pending", "on_hold", "solved", "closed"}
    assert set(Ticket.objects.values_list("outcome", flat=True)) >= {"confirmed", "unconfirmed"}
    assert not Message.objects.filter(created_at__gt=NOW).exists()
    assert sorted(Draft.objects.values_list("kind", "is_shared")) == [("note", False), ("reply", False), ("reply", True)]
    assert HeldReply.objects.filter(released_at=None, taken_back_at=None, due_at__gt=NOW).count() == 1
    assert Handover.objects.count() == 1
    assert sorted(Ticket.objects.exclude(snoozing="").values_list("snoozing", flat=True)) == ["asleep", "back"]
    assert Handling.objects.exclude(closed_at=None).count() > 5
    assert Clock.objects.filter(state="running", due_at__gt=NOW).exists()
    assert Clock.objects.exclude(breached_at=None).exists()
    assert not ParkedStream.objects.exists()
    assert MacroRun.objects.count() == 1
    assert sorted(BulkRun.objects.values_list("state", "user__name")) == [("ended", "Ada Okafor"), ("ended", "Lin Zhao")]
    assert TicketFields.objects.count() > 3
    acted = set(AutomationRun.objects.filter(outcome="done").values_list("automation__name", flat=True))
    assert acted == {"Nothing loads is pressing", "New for too long"}
    assert sorted(Ticket.objects.exclude(harm="").values_list("harm", flat=True)) == ["violence"]
    minutes = {name: seconds // 60 for name, seconds in Exposure.objects.values_list("user__name", "seconds")}
    assert 54 <= minutes["Farid Haddad"] < 60 <= minutes["Dieter Brandl"]
    extended = ExposureAllowance.objects.get().exposure
    assert extended.user.name == "Dieter Brandl"
    assert extended.seconds >= 3_600
    assert Attachment.objects.exclude(redacts=None).count() == 1
    assert Message.objects.exclude(erased_at=None).count() == 1
    assert Conversation.objects.filter(kind="side", team=None).count() == 1
    assert Conversation.objects.filter(kind="side").exclude(team=None).exists()
    assert Link.objects.filter(kind="split_from").count() == 1
    assert Watcher.objects.filter(how="manual").count() == 1
    off = DryRun.objects.get(version__automation__running_version=None)
    assert off.is_whole_week
    assert off.matched > 0
    assert {name: list(check()) for name, check in checks().items()} == {name: [] for name in checks()}
    for _role, email in SIGN_INS:
        assert authenticate(None, email=email, password=PASSWORD) is not None
    told = list(Ticket.objects.order_by("id").values_list("subject", "created_at", "state"))
    assert len({subject for subject, _at, _state in told}) > 270
