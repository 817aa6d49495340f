"""Reading the channels: what to expect, a request as its requester sees it, how far messages have come."""

from steward.channels.queries.asking import as_requester
from steward.channels.queries.deliveries import delivery_states, seen_upto
from steward.channels.queries.expectation import Expectation, Presence, front_queue, presence_of, what_to_expect
from steward.channels.queries.places import where_it_goes_on, where_it_went
from steward.channels.queries.requests import chats_of, open_chat_of, requests_of, topics
from steward.channels.queries.thread import Thread, thread_of

__all__ = [
    "Expectation",
    "Presence",
    "Thread",
    "as_requester",
    "chats_of",
    "delivery_states",
    "front_queue",
    "open_chat_of",
    "presence_of",
    "requests_of",
    "seen_upto",
    "thread_of",
    "topics",
    "what_to_expect",
    "where_it_goes_on",
    "where_it_went",
]
