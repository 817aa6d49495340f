"""What of people, and of the parts this desk signs them in with and runs jobs by, stays behind in an export."""

from steward.core.transfer.declared import leave_out, leave_out_column

_SIGNED_IN = "Who is signed in where: everybody signs in anew."
_JOBS = "Work on its way in this installation; what is still to do follows from the desk's own rows."
_FRAMEWORK = "The framework's own list, made again by the migrations; the desk's permissions are roles."

LEFT_OUT = {
    "account_emailconfirmation": "One-time links that prove an address: asked for again.",
    "auth_group": _FRAMEWORK,
    "auth_group_permissions": _FRAMEWORK,
    "auth_permission": _FRAMEWORK,
    "django_content_type": _FRAMEWORK,
    "django_session": _SIGNED_IN,
    "mfa_authenticator": "Second factors are secrets, and belong to the address of one installation: set up again.",
    "people_keptanswer": "Answers kept for a day for programs that ask twice: they ask the new desk anew.",
    "procrastinate_events": _JOBS,
    "procrastinate_jobs": _JOBS,
    "procrastinate_periodic_defers": _JOBS,
    "procrastinate_workers": _JOBS,
    "usersessions_usersession": _SIGNED_IN,
}


def leave_behind() -> None:
    """Declare what stays behind: secrets, what is signed in, what is on its way."""
    for table, why in LEFT_OUT.items():
        leave_out(table, why)
    leave_out_column(
        "people_user",
        "password",
        "A hash can be guessed at: each sets a new password, by a link.",
        filling="'!'",
    )
