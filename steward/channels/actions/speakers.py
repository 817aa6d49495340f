"""Who is heard on a channel: the same person each time, a requester once they ask."""

from datetime import datetime

from steward.channels.actions.opening import ARRIVING
from steward.channels.contract import Account, Speaker
from steward.channels.models import ChannelPerson
from steward.channels.queries.accounts import person_heard
from steward.core.rows import first_row
from steward.people.actions import ensure_requester
from steward.people.actions.requesters import requester_for_user
from steward.people.models import Requester

LONGEST_NAME = 120
_HEAR = """
INSERT INTO channels_channelperson (channel_id, vendor_id, name, created_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (channel_id, vendor_id) DO NOTHING RETURNING id
"""


def person_of(account: Account, speaker: Speaker, *, at: datetime) -> ChannelPerson:
    """Give who speaks, known from their first word on; a new name is kept."""
    person = person_heard(account.channel_id, speaker.vendor_id)
    if person is None:
        # Nobody is nearly always somebody new: written first, and looked for only where another was quicker.
        made = first_row(_HEAR, [account.channel_id, speaker.vendor_id, _name(speaker), at])
        if made is not None:
            return ChannelPerson(
                pk=made[0], channel_id=account.channel_id, vendor_id=speaker.vendor_id, name=_name(speaker), created_at=at
            )
        person = ChannelPerson.objects.get(channel_id=account.channel_id, vendor_id=speaker.vendor_id)
    if speaker.name and person.name != _name(speaker):
        person.name = _name(speaker)
        person.save(update_fields=["name"])
    return person


def name_person(account: Account, speaker: Speaker) -> None:
    """Keep what somebody is called now; who was never heard is not kept."""
    known = ChannelPerson.objects.filter(channel_id=account.channel_id, vendor_id=speaker.vendor_id)
    known.update(name=_name(speaker))


def requester_of(account: Account, person: ChannelPerson, speaker: Speaker, *, at: datetime) -> Requester:
    """Give the requester somebody is: by the vendor's own id, by an address it vouches for, or a new one.

    A user of this desk who asks is the requester they are everywhere else.
    """
    if person.requester is not None and person.requester.erased_at is None:
        return person.requester
    if person.user is not None:
        requester = requester_for_user(person.user, by=ARRIVING, at=at)
    else:
        requester = ensure_requester(
            email=speaker.email,
            name=person.name,
            source=f"{account.kind}:{account.channel_id}",
            external_id=speaker.vendor_id,
            by=ARRIVING,
            at=at,
        )
    person.requester = requester
    person.save(update_fields=["requester"])
    return requester


def _name(speaker: Speaker) -> str:
    return (speaker.name or speaker.vendor_id).replace("\x00", "")[:LONGEST_NAME]
