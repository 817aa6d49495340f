"""What can happen to people; names and addresses are never in a fact, only that they changed."""

from dataclasses import dataclass, field

from steward.core.facts import Fact

Value = str | int | bool | None
Changes = dict[str, tuple[Value, Value]]


@dataclass(frozen=True, kw_only=True)
class UserInvited(Fact, kind="people.user_invited", subject="invitation"):
    """Somebody was invited; `first_admin` marks the link an empty desk prints."""

    invitation_id: int
    roles: tuple[str, ...]
    team_ids: tuple[int, ...] = ()
    first_admin: bool = False


@dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(Fact, kind="people.invitation_withdrawn", subject="invitation"):
    """An invitation was taken back before anybody accepted it."""

    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class UserJoined(Fact, kind="people.user_joined", subject="user"):
    """An account came to be; `how` is invitation, first_admin, sign_up or import."""

    user_id: int
    how: str
    roles: tuple[str, ...]
    invitation_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class UserChanged(Fact, kind="people.user_changed", subject="user"):
    """Something about a user changed: `changes` with old and new, `personal` by the field's name alone."""

    user_id: int
    changes: Changes = field(default_factory=dict)
    personal: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UserDeactivated(Fact, kind="people.user_deactivated", subject="user"):
    """A user can no longer sign in, and every session of theirs ended."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class UserReactivated(Fact, kind="people.user_reactivated", subject="user"):
    """A deactivated user may sign in again."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class RolesChanged(Fact, kind="people.roles_changed", subject="user"):
    """A user's roles are others now."""

    user_id: int
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PasswordLinkMade(Fact, kind="people.password_link_made", subject="user"):
    """A one-time link to set a new password was made for a user."""

    user_id: int
    password_link_id: int


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Fact, kind="people.password_changed", subject="user"):
    """A user has a new password; `how` is link (handed over), mail (forgotten) or self."""

    user_id: int
    how: str
    password_link_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TeamCreated(Fact, kind="people.team_created", subject="team"):
    """A team was made, with the values it started with."""

    team_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Fact, kind="people.team_changed", subject="team"):
    """A team was renamed, closed or opened again."""

    team_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MembershipAdded(Fact, kind="people.membership_added", subject="team"):
    """A user is now in a team."""

    team_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class MembershipRemoved(Fact, kind="people.membership_removed", subject="team"):
    """A user is no longer in a team."""

    team_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class RequesterCreated(Fact, kind="people.requester_created", subject="requester"):
    """Somebody who asks for help became known, with the values that name nobody."""

    requester_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RequesterChanged(Fact, kind="people.requester_changed", subject="requester"):
    """Something about a requester changed: `changes` with old and new, `personal` by the field's name alone."""

    requester_id: int
    changes: Changes = field(default_factory=dict)
    personal: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NoticeGiven(Fact, kind="people.notice_given", subject="user"):
    """A user was told of something; `notice_kind` says of what, `telling` how: plain, loud, or kept for the next shift.

    `first_id` is the notice that began the batch this one joined; whoever delivers elsewhere does so once a batch.
    """

    user_id: int
    notice_id: int
    notice_kind: str
    ticket_id: int | None = None
    queue_id: int | None = None
    telling: str = "plain"
    first_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class NoticesRead(Fact, kind="people.notices_read", subject="user"):
    """A user has seen notices, up to and including `last_notice_id`."""

    user_id: int
    count: int
    last_notice_id: int


@dataclass(frozen=True, kw_only=True)
class NoticePreferenceChanged(Fact, kind="people.notice_preference_changed", subject="user"):
    """A user wants notices of a kind otherwise than before: `changes` with old and new."""

    user_id: int
    notice_kind: str
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PersonErased(Fact):
    """The base of the facts about somebody's erasure; `reason` is one of the codes of an erasure."""

    erasure_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class RequesterErased(PersonErased, kind="people.requester_erased", subject="requester"):
    """What was known of a requester was erased; what happened on their tickets stays."""

    requester_id: int


@dataclass(frozen=True, kw_only=True)
class UserErased(PersonErased, kind="people.user_erased", subject="user"):
    """The name, address and ways to sign in of a user were erased; what they did stays."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class ApiTokenMade(Fact, kind="people.api_token_made", subject="user"):
    """A token was made with which a program acts as a user."""

    user_id: int
    token_id: int
    scopes: tuple[str, ...]
    rate: int
    expires_at: str = ""


@dataclass(frozen=True, kw_only=True)
class ApiTokenRevoked(Fact, kind="people.api_token_revoked", subject="user"):
    """A token was made useless; `why` is by_hand, deactivated (its user was) or erased."""

    user_id: int
    token_id: int
    why: str = "by_hand"
