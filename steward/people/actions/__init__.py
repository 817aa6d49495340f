"""The verbs of people, the only writers of its tables."""

from steward.people.actions.erasing import carry_on, carry_on_all, erase_person, preview_erasure
from steward.people.actions.importing import ImportResult, Reject, import_people
from steward.people.actions.invitations import accept_invitation, first_admin_link, invite_user, withdraw_invitation
from steward.people.actions.mailing import mail_invitation, mail_password_link
from steward.people.actions.notices import mark_batch_read, mark_notices_read, move_notices, notify, set_notice_rule, sum_up
from steward.people.actions.passwords import make_password_link, set_password, use_password_link
from steward.people.actions.requesters import change_requester, ensure_requester
from steward.people.actions.teams import add_member, change_team, create_team, remove_member
from steward.people.actions.users import add_user, change_user, deactivate_user, reactivate_user, set_roles, sign_up

__all__ = [
    "ImportResult",
    "Reject",
    "accept_invitation",
    "add_member",
    "add_user",
    "carry_on",
    "carry_on_all",
    "change_requester",
    "change_team",
    "change_user",
    "create_team",
    "deactivate_user",
    "ensure_requester",
    "erase_person",
    "first_admin_link",
    "import_people",
    "invite_user",
    "mail_invitation",
    "mail_password_link",
    "make_password_link",
    "mark_batch_read",
    "mark_notices_read",
    "move_notices",
    "notify",
    "preview_erasure",
    "reactivate_user",
    "remove_member",
    "set_notice_rule",
    "set_password",
    "set_roles",
    "sign_up",
    "sum_up",
    "use_password_link",
    "withdraw_invitation",
]
