"""What each column of text of people holds; a test fails for one that is missing here."""

from steward.core.personal import Holds

PERSONAL: dict[str, Holds] = {
    "User.password": Holds.PERSON,
    "User.email": Holds.PERSON,
    "User.name": Holds.PERSON,
    "User.roles": Holds.CODE,
    "User.language": Holds.PERSON,
    "User.time_zone": Holds.PERSON,
    "Requester.email": Holds.PERSON,
    "Requester.name": Holds.PERSON,
    "Requester.platform_role": Holds.PERSON,
    "Requester.team": Holds.PERSON,
    "Requester.market": Holds.PERSON,
    "Requester.language": Holds.PERSON,
    "Requester.time_zone": Holds.PERSON,
    "Requester.client_version": Holds.PERSON,
    "Requester.source": Holds.CODE,
    "Requester.external_id": Holds.PERSON,
    "Erasure.reason": Holds.CODE,
    "Invitation.email": Holds.PERSON,
    "Invitation.name": Holds.PERSON,
    "Invitation.roles": Holds.CODE,
    "Invitation.team_ids": Holds.CODE,
    "Invitation.language": Holds.CODE,
    "Invitation.time_zone": Holds.CODE,
    "Invitation.token_hash": Holds.CODE,
    "PasswordLink.token_hash": Holds.CODE,
    "Notice.kind": Holds.CODE,
    "Notice.data": Holds.CODE,
    "NoticePreference.kind": Holds.CODE,
    "NoticePreference.how": Holds.CODE,
    "NoticePreference.queue_ids": Holds.CODE,
    "Team.name": Holds.DESK,
}
# Tables of the parts this desk signs people in with and runs jobs by.
OTHERS: dict[str, Holds] = {
    "contenttypes.ContentType": Holds.CODE,
    "auth.Permission": Holds.CODE,
    "auth.Group": Holds.CODE,
    "sessions.Session": Holds.PERSON,
    "account.EmailAddress": Holds.PERSON,
    "account.EmailConfirmation": Holds.PERSON,
    "mfa.Authenticator": Holds.PERSON,
    "usersessions.UserSession": Holds.PERSON,
    # Jobs carry ids, never words.
    "procrastinate.ProcrastinateJob": Holds.CODE,
    "procrastinate.ProcrastinateEvent": Holds.CODE,
    "procrastinate.ProcrastinatePeriodicDefer": Holds.CODE,
}
