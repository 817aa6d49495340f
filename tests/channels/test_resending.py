"""A message that did not reach its requester: said on its ticket, sent once more from there, and kept out of rooms where it must not be."""

import pytest

from steward.channels.actions.accounts import create_channel
from steward.channels.actions.outbox import put_message, send
from steward.channels.actions.resending import send_again
from steward.channels.contract import Parcel, Refused, Traits
from steward.channels.models import ChannelThread, Delivery, Outgoing
from steward.channels.rules.kinds import ChannelKind
from steward.core import clock
from steward.core.errors import Conflict, NotAllowed, NotFound
from steward.desk.actions.changing import transfer_ticket
from steward.desk.actions.replies import reply
from steward.ledger.models import Event


class Post:
    """A vendor that refuses until it is told not to."""

    traits = Traits()
    asked = ()

    def __init__(self) -> None:
        self.refuses = True
        self.carried: list[Parcel] = []

    def carry(self, _account, parcel):
        if self.refuses:
            raise Refused("not in this room")
        self.carried.append(parcel)
        return f"v{len(self.carried)}"


@pytest.fixture
def post(monkeypatch):
    from steward.channels import adapters

    post = Post()
    monkeypatch.setitem(adapters._CARRIERS, ChannelKind.MATRIX, post)
    return post


@pytest.fixture
def put(cast, post):
    channel = create_channel(kind="matrix", name="Chat", settings={}, secrets={}, by=cast.actor(cast.ana), at=cast.at)

    def put(ticket, body="It is fixed.", *, direct=True, by=None):
        message = reply(ticket_id=ticket.pk, body=body, by=cast.actor(by or cast.ada), at=cast.later(seconds=1))
        thread = ChannelThread.objects.create(
            channel=channel,
            chat_id="!r",
            root_id="" if direct else "$1",
            direct=direct,
            conversation=message.conversation,
            created_at=cast.at,
        )
        delivery = Delivery.objects.create(message=message, ticket=ticket, channel=channel, state="queued", created_at=cast.at)
        put_message(delivery, thread, at=cast.at)
        send(channel_id=channel.pk, now=lambda: cast.at)
        return message, delivery, thread

    return put


def test_an_agent_sees_why_and_sends_it_again(cast, client, post, put):
    ticket = cast.ticket()
    message, delivery, _thread = put(ticket)
    client.force_login(cast.ada)
    page = client.get(f"/tickets/{ticket.pk}/").content.decode()
    assert "Not delivered." in page
    assert "not in this room" in page
    post.refuses = False
    assert client.post(f"/tickets/{ticket.pk}/messages/{message.pk}/send-again/").status_code == 303
    assert "Not delivered." not in client.get(f"/tickets/{ticket.pk}/").content.decode()
    send(channel_id=delivery.channel_id, now=clock.now)
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert [(one.text, one.sent_before) for one in post.carried] == [("It is fixed.", True)]
    assert Event.objects.filter(stream=f"ticket:{ticket.pk}", kind="channels.message_sent_again").count() == 1
    with pytest.raises(Conflict):
        send_again(message_id=message.pk, by=cast.actor(cast.ada), at=cast.at)


def test_nobody_else_sends_it_and_nothing_is_sent_into_a_thread_that_is_gone(cast, post, put):
    message, _delivery, thread = put(cast.ticket())
    with pytest.raises((NotAllowed, NotFound)):
        send_again(message_id=message.pk, by=cast.actor(cast.eno), at=cast.at)
    with pytest.raises(NotFound):
        send_again(message_id=message.pk + 99, by=cast.actor(cast.ada), at=cast.at)
    ChannelThread.objects.filter(pk=thread.pk).update(closed_at=cast.at)
    with pytest.raises(Conflict, match="gone"):
        send_again(message_id=message.pk, by=cast.actor(cast.ada), at=cast.at)
    assert Outgoing.objects.get().state == "failed"


@pytest.mark.parametrize(("direct", "told"), [(True, True), (False, False)])
def test_of_a_restricted_queue_nothing_is_said_where_others_read_it(cast, post, put, direct, told):
    post.refuses = False
    ticket = cast.ticket()
    transfer_ticket(ticket_id=ticket.pk, queue_id=cast.restricted.pk, reason="Sensitive", by=cast.actor(cast.lin), at=cast.at)
    put(ticket, "The account of the minister was closed.", direct=direct, by=cast.lin)
    (parcel,) = post.carried
    assert ("minister" in parcel.text) is told
    assert (f"/help/requests/{ticket.pk}/" in parcel.text or f"/{ticket.pk}/" in parcel.text) is not told
