"""Doing what follows from one thing heard."""

from dataclasses import replace
from datetime import datetime

from steward.channels.actions.heard.changes import take_back, take_change
from steward.channels.actions.heard.chats import take_end, take_invitation
from steward.channels.actions.heard.letters import take_letter
from steward.channels.actions.heard.places import settled
from steward.channels.actions.heard.scene import Scene, named
from steward.channels.actions.heard.signs import take_sign
from steward.channels.actions.heard.undelivered import note_undelivered
from steward.channels.actions.heard.words import take_words
from steward.channels.actions.outbox import tell
from steward.channels.actions.speakers import name_person
from steward.channels.contract import (
    Changed,
    Closed,
    Garbled,
    Heard,
    Ignored,
    Invited,
    Letter,
    Reacted,
    Renamed,
    TookBack,
    Undelivered,
    Wrote,
)
from steward.channels.rules.raw import digest_of


def take(scene: Scene, heard: Heard) -> datetime | None:
    """Do what follows from one thing heard; an instant says that it is to be looked at again then."""
    match heard:
        case Wrote(letter=Letter() as letter):
            take_letter(scene, heard, letter)
        case Wrote():
            return take_words(scene, settled(scene.account, replace(heard, speaker=named(scene, heard.speaker))))
        case Changed():
            return take_change(scene, heard)
        case TookBack():
            return take_back(scene, heard)
        case Reacted():
            return take_sign(scene, heard)
        case _:
            _take_event(scene, heard)
    return None


def _take_event(scene: Scene, heard: Invited | Closed | Renamed | Garbled | Undelivered | Ignored) -> None:
    """Do what follows from what was done rather than said."""
    match heard:
        case Invited():
            take_invitation(scene, replace(heard, speaker=named(scene, heard.speaker)))
        case Closed():
            take_end(scene, heard)
        case Renamed():
            name_person(scene.account, heard.speaker)
        case Undelivered():
            note_undelivered(scene, heard)
        case Ignored():
            scene.ignored = heard.why
        case Garbled():
            key = f"garbled:{digest_of(heard.place.chat_id)}"
            tell(channel_id=scene.account.channel_id, place=heard.place, text=heard.why, key=key, at=scene.at)
