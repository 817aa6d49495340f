"""Start-up of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People as a Django application."""

    name = "steward.people"
    label = "people"

    def ready(self) -> None:
        """Register what `steward verify` checks here."""
        from steward.ledger.subscriptions import register_check  # noqa: PLC0415 -- app ready
        from steward.people.queries.checks import people_problems  # noqa: PLC0415 -- app ready

        register_check("people", people_problems)
