"""Start-up of the desk."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The desk as a Django application."""

    name = "steward.desk"
    label = "desk"

    def ready(self) -> None:
        """Start following the ledger and register the desk's check."""
        from steward.desk import subscribers  # noqa: F401, PLC0415 -- app ready
        from steward.desk.actions.verbs import fields, moving, speaking  # noqa: PLC0415 -- app ready
        from steward.desk.facts import settings, ticket, work  # noqa: F401, PLC0415 -- an event is read by its fact, in every process
        from steward.desk.queries.verification import problems  # noqa: PLC0415 -- app ready
        from steward.ledger.subscriptions import register_check  # noqa: PLC0415 -- app ready

        register_check("desk.tickets", problems)
        for verbs in (fields, moving, speaking):
            verbs.register()
