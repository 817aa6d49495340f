"""Filling the demo desk: the week before now, the same for the same seed and instant."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from steward.cli.demo_desk import SEED
from steward.cli.demo_desk.care import show_care
from steward.cli.demo_desk.fields import make_fields
from steward.cli.demo_desk.outage import Outage
from steward.cli.demo_desk.routines import make_routines, use_routines
from steward.cli.demo_desk.script import Thread, Words, read_outage, read_threads
from steward.cli.demo_desk.shifts import plan_shifts
from steward.cli.demo_desk.story import Story
from steward.cli.demo_desk.structure import tie
from steward.cli.demo_desk.timeline import Timeline, tick, write_lazily
from steward.cli.demo_desk.views import make_views
from steward.cli.demo_desk.webhooks import tell_the_tracker
from steward.cli.demo_desk.widget import ASKED_ON_PAGES, stand_on_pages
from steward.cli.demo_desk.world import AT_WORK, World, make_world
from steward.cli.demo_desk.writing import leave_open

WEEK = timedelta(days=7)
# How busy each hour of the day (UTC) is: three regions, three mornings.
_HOURS = (7, 8, 9, 9, 7, 6, 6, 8, 11, 12, 11, 10, 9, 10, 12, 12, 10, 8, 7, 6, 5, 4, 4, 5)
# What came in just now and nobody has answered: minutes ago and priority, chosen around the promises.
_WAITING = (
    ("hidden_action", 236, 3),
    ("queue_empty", 221, 3),
    ("appeal_not_visible", 178, 3),
    ("slow_console", 74, 2),
    ("still_visible", 52, 2),
    ("bulk_stuck", 47, 2),
    ("report_failed", 11, 1),
    ("rule_throttled", 40, 3),
    ("zh_quanxian", 26, 3),
    ("how_to_filter", 15, 4),
    ("hash_false_match", 6, 2),
    ("es_cola", 4, 3),
    ("locked_out", 2, 3),
)

# What agents have in hand right now: minutes ago, and whose it is.
_TAKEN = (
    ("stuck_item", 205, "ada"),
    ("label_missing", 160, "ada"),
    ("skip_reason", 95, "ada"),
    ("appeal_template", 300, "ada"),
    ("two_things", 140, "ben"),
    ("hash_bank_upload", 85, "ben"),
    ("ja_empty", 110, "emi"),
    ("ko_video", 70, "emi"),
    ("wrong_queue_routing", 44, "lin"),
    ("de_zwei_fragen", 190, "dieter"),
    ("pt_botao", 60, "carla"),
    ("es_apelacion", 33, "hugo"),
    ("graphic_thumb", 58, "ada"),
    ("account_details", 41, "ada"),
    ("blur_gap", 50, "ada"),
)


def build(*, now: datetime, seed: int = SEED, progress: Callable[[float], None] = lambda _share: None) -> int:
    """Play the week before `now` on an empty desk through its actions; give how many tickets were planned."""
    random = Random(seed)  # noqa: S311 -- the same week for the same seed
    write_lazily()
    world = make_world(random, now=now)
    begin = now - WEEK
    make_routines(by=world.staff["lin"].actor, at=begin - timedelta(minutes=5))
    timeline = Timeline(now=now, progress=lambda at: progress((at - begin) / WEEK))
    words = Words(random)
    threads = read_threads()
    planned = [story for thread in threads for story in _stories(thread, world, timeline, random, words, count=thread.times)]
    for story in planned:
        story.start(_moment(begin, now - timedelta(minutes=20), random))
    by_key = {thread.key: thread for thread in threads}
    now_here = [(replace(by_key[key], priority=priority), minutes, "") for key, minutes, priority in _WAITING]
    now_here += [(by_key[key], minutes, name) for key, minutes, name in _TAKEN]
    for thread, minutes, name in now_here:
        for story in _stories(thread, world, timeline, random, words, count=1):
            story.in_hand_of, story.only_opens = name, True
            story.start(now - timedelta(minutes=minutes))
            planned.append(story)
    outage = Outage(read_outage(), world, timeline, random, words)
    outage.plan((now - timedelta(days=2)).replace(hour=13, minute=4, second=0, microsecond=0))
    plan_shifts(world, timeline, Random(seed), now=now)  # noqa: S311 -- the same shifts for the same seed
    timeline.play()
    use_routines(by=world.staff[AT_WORK].actor, lead=world.staff["lin"].actor, now=now)
    make_views(agent=world.staff[AT_WORK].actor, lead=world.staff["lin"].actor, now=now)
    make_fields(agent=world.staff[AT_WORK].actor, lead=world.staff["lin"].actor, admin=world.staff["ana"].actor, now=now)
    leave_open(planned, world, now=now)
    stand_on_pages(by=world.staff["ana"].actor, now=now)
    tell_the_tracker(by=world.staff["ana"].actor, now=now)
    tied = tie(planned, world, now=now)
    show_care(world, random, now=now)
    tick(now, settled=False)
    return len(planned) + len(outage.reports) + 1 + tied + ASKED_ON_PAGES


def _stories(thread: Thread, world: World, timeline: Timeline, random: Random, words: Words, *, count: int) -> list[Story]:
    stories = []
    for _copy in range(count):
        requester, voice = random.choice(world.requesters[thread.lang])
        drawn = words.unique(thread.openings, name=requester.name.split()[0], market=requester.market)
        if drawn is None:
            continue
        opening, filled = drawn
        channel = "portal" if random.random() < 0.6 else "chat"  # noqa: PLR2004 -- three in five
        stories.append(Story(thread, opening, filled, requester, voice, world, timeline, random, channel))
    return stories


def _moment(begin: datetime, end: datetime, random: Random) -> datetime:
    """Draw an instant of the week by how busy its hour is."""
    while True:
        at = begin + (end - begin) * random.random()
        weekend = 0.55 if at.weekday() >= 5 else 1.0  # noqa: PLR2004 -- Saturday
        if random.random() * max(_HOURS) < _HOURS[at.hour] * weekend:
            return at
