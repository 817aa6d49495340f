"""Start-up of channels."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """The channels as a Django application."""

    name = "steward.channels"
    label = "channels"

    def ready(self) -> None:
        """Start following the ledger and register what `steward verify` checks here."""
        from steward.channels import subscribers  # noqa: F401, PLC0415 -- app ready
        from steward.channels.actions import erasing  # noqa: PLC0415 -- app ready
        from steward.channels.queries.verification import problems  # noqa: PLC0415 -- app ready
        from steward.ledger.subscriptions import register_check  # noqa: PLC0415 -- app ready
        from steward.people.erasing import Part, declare_part  # noqa: PLC0415 -- app ready

        register_check("channels.deliveries", problems)
        declare_part(Part("channels", erasing.count, erasing.erase))
