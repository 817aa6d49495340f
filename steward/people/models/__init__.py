"""The tables of people."""

from steward.people.models.erasure import Erasure
from steward.people.models.link import Invitation, PasswordLink
from steward.people.models.notice import Notice, NoticePreference
from steward.people.models.requester import Requester
from steward.people.models.team import Membership, Team
from steward.people.models.token import ApiToken, KeptAnswer
from steward.people.models.user import User

__all__ = [
    "ApiToken",
    "Erasure",
    "Invitation",
    "KeptAnswer",
    "Membership",
    "Notice",
    "NoticePreference",
    "PasswordLink",
    "Requester",
    "Team",
    "User",
]
