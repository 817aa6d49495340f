"""An envelope being taken in, and what each thing heard in it is made of."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from steward.channels.contract import (
    Account,
    Carrier,
    Speaker,
    Wrote,
)
from steward.channels.models import ChannelMessage, ChannelThread, InboundEnvelope
from steward.channels.rules.raw import digest_of
from steward.desk.actions.filing import StoredFile
from steward.desk.models import Message


@dataclass
class Brought:
    """What was fetched from the vendor before anything is written: files by their reference, and a thread's history."""

    files: dict[str, StoredFile] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    history: tuple[Wrote, ...] = ()
    profiles: dict[str, Speaker] = field(default_factory=dict)


class Held(Exception):
    """What came in is not taken in by itself: it is parked with the reason, and whoever sent it is told nothing."""


@dataclass
class Scene:
    """One envelope being taken in: `message_id` is what it became, `ignored` why nothing was made of it on purpose."""

    account: Account
    carrier: Carrier
    envelope: InboundEnvelope
    brought: Brought
    at: datetime
    message_id: int | None = None
    ignored: str = ""


def named(scene: Scene, speaker: Speaker) -> Speaker:
    """Give a speaker with their name, where it was asked for."""
    return scene.brought.profiles.get(speaker.vendor_id, speaker)


def token_of(scene: Scene, said: Wrote) -> str:
    """Give what makes the message of something said the same message, however often it is taken in."""
    return f"c{scene.account.channel_id}:{digest_of(said.vendor_id)}"


def files_of(scene: Scene, said: Wrote) -> list[StoredFile]:
    """Give the files of something said that could be fetched."""
    return [scene.brought.files[file.reference] for file in said.files if file.reference in scene.brought.files]


def body_of(scene: Scene, said: Wrote) -> str:
    """Give the words of something said, with what could not be fetched named."""
    lost = [
        _("[The file %(name)s could not be taken in: %(why)s]") % {"name": file.name, "why": scene.brought.lost[file.reference]}
        for file in said.files
        if file.reference in scene.brought.lost
    ]
    return "\n\n".join(part for part in (said.body, *lost) if part)


def keep(scene: Scene, said: Wrote, thread: ChannelThread, message: Message, *, envelope: InboundEnvelope | None = None) -> None:
    """Keep which message of the desk something said became."""
    ChannelMessage.objects.create(
        channel_id=scene.account.channel_id,
        vendor_id=said.vendor_id,
        thread=thread,
        message=message,
        envelope=envelope or scene.envelope,
        created_at=scene.at,
    )
    scene.message_id = message.pk if envelope is None else scene.message_id
