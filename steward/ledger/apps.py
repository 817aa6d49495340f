"""Start-up of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger as a Django application."""

    name = "steward.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Register the ledger's own check, and teach the pure code below the languages; this app starts first."""
        from django.utils.translation import gettext  # noqa: PLC0415 -- app ready

        from steward.core.errors import speak_by  # noqa: PLC0415 -- app ready
        from steward.core.transfer.declared import carry_sequence, leave_out  # noqa: PLC0415 -- app ready
        from steward.ledger.queries import order_problems  # noqa: PLC0415 -- app ready
        from steward.ledger.subscriptions import register_check  # noqa: PLC0415 -- app ready

        speak_by(gettext)
        register_check("ledger.order", order_problems)
        carry_sequence("ledger_event_position")
        leave_out("django_migrations", "The manifest names the migrations.")
