"""What people of the demo are in the middle of writing: drafts, one of them shared, and a reply for tomorrow morning."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from steward.cli.demo_desk.story import Story
from steward.cli.demo_desk.world import World
from steward.desk.actions.drafts import Typed, save_draft, share_draft
from steward.desk.actions.sending import Manner, Written, send_reply
from steward.desk.models import Draft
from steward.desk.rules.holding import next_morning
from steward.people.actor import Actor

_ADAS_REPLY = "Hi {name}, I can see it too. Before I send it on, one question: does it also happen in a private window, or only"
_ADAS_NOTE = "Third one from this market since Monday. Worth asking engineering whether the rollout"
_BENS_REPLY = "Hi {name}, thank you for the two examples. The first one is fixed. For the second I need"
_TOMORROW = (
    "Good morning {name}, the list was rebuilt overnight, so everything should be in its place when you start. "
    "If anything is still missing, just answer here."
)


def leave_open(planned: Sequence[Story], world: World, *, now: datetime) -> None:
    """Have people write on the tickets they have in hand at this moment."""
    adas = [story for story in planned if story.in_hand_of == "ada" and story.ticket_id]
    bens = [story for story in planned if story.in_hand_of == "ben" and story.ticket_id]
    for story, kind, words in zip(adas, (Draft.Kind.REPLY, Draft.Kind.NOTE), (_ADAS_REPLY, _ADAS_NOTE), strict=False):
        _begin(story, world.staff["ada"].actor, kind, words, at=now - timedelta(minutes=9))
    for story in bens[:1]:
        draft = _begin(story, world.staff["ben"].actor, Draft.Kind.REPLY, _BENS_REPLY, at=now - timedelta(minutes=4))
        if draft is not None:
            share_draft(draft_id=draft.pk, is_shared=True, by=world.staff["ben"].actor)
    for story in adas[2:3]:
        send_reply(
            ticket_id=story.ticket_id,
            written=Written(_filled(_TOMORROW, story)),
            manner=Manner(send_at=next_morning(now, story.requester.time_zone or "UTC")),
            by=world.staff["ada"].actor,
            at=now - timedelta(minutes=2),
        )


def _begin(story: Story, by: Actor, kind: Draft.Kind, words: str, *, at: datetime) -> Draft | None:
    return save_draft(ticket_id=story.ticket_id, kind=kind, typed=Typed(_filled(words, story)), by=by, at=at)


def _filled(words: str, story: Story) -> str:
    return words.format(name=story.requester.name.split()[0])
