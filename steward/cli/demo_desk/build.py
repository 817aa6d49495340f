"""Filling the demo desk: the week before now, the same for the same seed and instant."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from steward.cli.demo_desk import SEED
from steward.cli.demo_desk.outage import Outage
from steward.cli.demo_desk.script import Thread, Words, read_outage, read_threads
from steward.cli.demo_desk.story import Story
from steward.cli.demo_desk.timeline import Timeline, write_lazily
from steward.cli.demo_desk.world import World, make_world

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


def build(*, now: datetime, seed: int = SEED, progress: Callable[[float], None] = lambda _share: None) -> int:
    """Play the week before `now` on an empty desk through its actions; give how many tickets were planned."""
    random = Random(seed)  # noqa: S311 -- the same week for the same seed
    write_lazily()
    world = make_world(random, now=now)
    begin = now - WEEK
    timeline = Timeline(now=now, progress=lambda at: progress((at - begin) / WEEK))
    words = Words(random)
    threads = read_threads()
    planned = [story for thread in threads for story in _stories(thread, world, timeline, random, words, count=thread.times)]
    for story in planned:
        story.start(_moment(begin, now - timedelta(minutes=20), random))
    waiting = [_waiting(key, minutes, priority, threads, world, timeline, random, words, now) for key, minutes, priority in _WAITING]
    outage = Outage(read_outage(), world, timeline, random, words)
    outage.plan((now - timedelta(days=2)).replace(hour=13, minute=4, second=0, microsecond=0))
    timeline.play()
    return len(planned) + len(outage.reports) + 1 + sum(waiting)


def _stories(
    thread: Thread, world: World, timeline: Timeline, random: Random, words: Words, *, count: int, only_opens: bool = False
) -> list[Story]:
    stories = []
    for _copy in range(count):
        requester, voice = random.choice(world.requesters[thread.lang])
        drawn = words.unique(thread.openings, name=requester.name.split()[0], market=requester.market)
        if drawn is None:
            continue
        opening, filled = drawn
        channel = "portal" if random.random() < 0.6 else "chat"  # noqa: PLR2004 -- three in five
        stories.append(Story(thread, opening, filled, requester, voice, world, timeline, random, channel, only_opens))
    return stories


def _waiting(
    key: str,
    minutes: int,
    priority: int,
    threads: list[Thread],
    world: World,
    timeline: Timeline,
    random: Random,
    words: Words,
    now: datetime,
) -> int:
    thread = next(thread for thread in threads if thread.key == key)
    urgent = Thread(thread.key, thread.talk, thread.about, thread.queue, thread.lang, priority)
    stories = _stories(urgent, world, timeline, random, words, count=1, only_opens=True)
    for story in stories:
        story.start(now - timedelta(minutes=minutes))
    return len(stories)


def _moment(begin: datetime, end: datetime, random: Random) -> datetime:
    """Draw an instant of the week by how busy its hour is."""
    while True:
        at = begin + (end - begin) * random.random()
        weekend = 0.55 if at.weekday() >= 5 else 1.0  # noqa: PLR2004 -- Saturday
        if random.random() * max(_HOURS) < _HOURS[at.hour] * weekend:
            return at
