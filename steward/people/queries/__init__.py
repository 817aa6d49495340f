"""Reads across people."""

from steward.people.queries.actors import actor_for, actor_of_user, requester_actor
from steward.people.queries.notices import declined_kinds, notices_of, unread_count, wants_notice
from steward.people.queries.people import (
    has_admin,
    members_of,
    open_invitations,
    requester_of,
    team_ids_of,
    teams_with_members,
    users_page,
    users_with_capability,
)

__all__ = [
    "actor_for",
    "actor_of_user",
    "declined_kinds",
    "has_admin",
    "members_of",
    "notices_of",
    "open_invitations",
    "requester_actor",
    "requester_of",
    "team_ids_of",
    "teams_with_members",
    "unread_count",
    "users_page",
    "users_with_capability",
    "wants_notice",
]
