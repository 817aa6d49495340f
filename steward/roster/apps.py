"""Start-up of the roster."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    """The roster as a Django application."""

    name = "steward.roster"
    label = "roster"

    def ready(self) -> None:
        """Register what `steward verify` checks here, and say who is off shift."""
        from steward.ledger.subscriptions import register_check  # noqa: PLC0415 -- app ready
        from steward.people.absence import declare_absence  # noqa: PLC0415 -- app ready
        from steward.people.erasing import Part, declare_part  # noqa: PLC0415 -- app ready
        from steward.roster.actions import erasing  # noqa: PLC0415 -- app ready
        from steward.roster.queries.checks import roster_problems  # noqa: PLC0415 -- app ready
        from steward.roster.queries.duty import off_shift  # noqa: PLC0415 -- app ready

        register_check("roster", roster_problems)
        declare_absence(off_shift)
        declare_part(Part("roster", erasing.count, erasing.erase))
