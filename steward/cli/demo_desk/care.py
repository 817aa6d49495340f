"""Harmful content at the demo desk: what is covered, who looked and for how long, and what was blackened or erased."""

from datetime import datetime, timedelta
from random import Random

from django.db.models import QuerySet

from steward.cli.demo_desk.pictures import blackened
from steward.cli.demo_desk.world import AT_WORK, World
from steward.desk.actions.caring import flag_ticket, let_look_longer
from steward.desk.actions.erasing import erase_content
from steward.desk.actions.filing import bytes_upload, open_file
from steward.desk.actions.intake import receive_message
from steward.desk.actions.redacting import keep_redacted
from steward.desk.actions.viewing import beat, cover_again, view_files
from steward.desk.models import Attachment, Ticket
from steward.desk.rules.care import LATEST_BEAT, Harm, Verdict
from steward.people.actor import Actor
from steward.people.models import Erasure
from steward.people.queries.actors import requester_actor

# How many minutes each has looked in their last shift; the limit is sixty.
_MINUTES = {"farid": 54, AT_WORK: 11, "gita": 23, "dieter": 60}
_MORE, _WHY = timedelta(minutes=15), "One report to the hotline is half looked at; it is ended by whoever began it."
_NOT_FOR_US = "Maybe it helps if you look yourself, my console password is Lantern-{number}-Blue"
_FLAGGED, _PRIVATE = "Review queues / Thumbnails", "Enforcement / Accounts"


def show_care(world: World, random: Random, *, now: datetime) -> None:
    """Flag and blacken what an agent has in hand, let people have looked at what is covered, and erase what should not be here."""
    ada, lin = world.staff[AT_WORK].actor, world.staff["lin"].actor
    for ticket in _with_picture(world, _FLAGGED):
        flag_ticket(ticket_id=ticket.pk, harm=Harm.VIOLENCE, by=ada, at=now - timedelta(minutes=16))
        _tell_a_password(ticket, by=lin, at=now - timedelta(minutes=15))
    for name, minutes in _MINUTES.items():
        ended = _look(world, random, name, minutes, now=now)
    # The last of them has reached the limit.
    let_look_longer(user_id=world.staff[name].user.pk, more=_MORE, reason=_WHY, by=lin, at=ended)
    for ticket in _with_picture(world, _PRIVATE):
        picture = Attachment.objects.get(message__ticket=ticket)
        with open_file(picture.sha256) as content:
            copy = bytes_upload(picture.name.replace(".", "-redacted."), blackened(content.read()))
        keep_redacted(attachment_id=picture.pk, upload=copy, by=ada, at=now - timedelta(minutes=8))


def _with_picture(world: World, about: str) -> QuerySet[Ticket]:
    """Give what the agent at work has in hand under a category, where it came with a picture."""
    mine = Ticket.objects.filter(assignee=world.staff[AT_WORK].user, category=world.categories[about])
    return mine.filter(message__attachments__media_type__startswith="image/").distinct().order_by("id")


def _tell_a_password(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Have a requester write what nobody should have, and a lead take it away."""
    body = _NOT_FOR_US.format(number=ticket.pk)
    said = receive_message(ticket_id=ticket.pk, body=body, by=requester_actor(ticket.requester), at=at)
    erase_content(
        message_id=said.pk,
        words=True,
        attachment_ids=[],
        reason=Erasure.Reason.MISTAKE,
        by=by,
        at=at + timedelta(minutes=3),
    )


def _look(world: World, random: Random, name: str, minutes: int, *, now: datetime) -> datetime:
    """Have somebody look at covered pictures in their last shift that was long enough, one after the other; say until when."""
    worker = world.staff[name]
    starts = [start for start, _end, who in world.duty if who == name and start + timedelta(minutes=minutes + 30) < now]
    at, seconds = starts[-1] + timedelta(minutes=4), 0
    seen = Attachment.objects.filter(message__ticket__queue=world.queues["media"], created_at__lt=at).order_by("-id")
    files, verdict = list(seen.values_list("pk", flat=True)[:8]), Verdict.GO_ON
    while files and seconds < minutes * 60 and verdict != Verdict.STOP:
        views = [view.pk for view in view_files(attachment_ids=[random.choice(files)], by=worker.actor, at=at)]
        for _beat in range(random.randint(2, 9)):
            at += LATEST_BEAT
            beat(view_ids=views, by=worker.actor, at=at)
        at += timedelta(seconds=4)
        told = cover_again(view_ids=views, by=worker.actor, at=at)
        verdict, seconds = told.verdict, told.seconds
        # Longer than a beat: the time between two looks counts for neither.
        at += LATEST_BEAT + timedelta(seconds=5)
    return at
