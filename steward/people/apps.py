"""Start-up of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People as a Django application."""

    name = "steward.people"
    label = "people"

    def ready(self) -> None:
        """Register what `steward verify` checks here, and the one notice of its own."""
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415 -- app ready

        from steward.ledger.subscriptions import register_check  # noqa: PLC0415 -- app ready
        from steward.people.actions.notices import SUMMARY  # noqa: PLC0415 -- app ready
        from steward.people.carried import leave_behind  # noqa: PLC0415 -- app ready
        from steward.people.notice_kinds import declare_notice_kind  # noqa: PLC0415 -- app ready
        from steward.people.queries.checks import people_problems  # noqa: PLC0415 -- app ready

        register_check("people", people_problems)
        leave_behind()
        declare_notice_kind(SUMMARY, _("While you were off shift"), sign="moon")
