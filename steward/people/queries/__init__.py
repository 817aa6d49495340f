"""Reads across people."""

from steward.people.queries.actors import actor_for, actor_of_user, requester_actor
from steward.people.queries.notices import batches_of, bell_of, notices_of, own_rules, unread_count
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
    "batches_of",
    "bell_of",
    "has_admin",
    "members_of",
    "notices_of",
    "open_invitations",
    "own_rules",
    "requester_actor",
    "requester_of",
    "team_ids_of",
    "teams_with_members",
    "unread_count",
    "users_page",
    "users_with_capability",
]
