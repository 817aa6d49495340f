"""Start-up of channels."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    """The channels as a Django application."""

    name = "steward.channels"
    label = "channels"

    def ready(self) -> None:
        """Start following the ledger and register what `steward verify` checks here."""
        from steward.channels import subscribers  # noqa: F401, PLC0415 -- app ready
        from steward.channels.actions import erasing, erasing_pages, originals  # noqa: PLC0415 -- app ready
        from steward.channels.queries.verification import problems  # noqa: PLC0415 -- app ready
        from steward.core.transfer.declared import leave_out, leave_out_column  # noqa: PLC0415 -- app ready
        from steward.desk.actions.filing import declare_holder  # noqa: PLC0415 -- app ready
        from steward.ledger.subscriptions import register_check  # noqa: PLC0415 -- app ready
        from steward.people.erasing import Part, declare_part  # noqa: PLC0415 -- app ready
        from steward.people.notice_kinds import declare_notice_kind  # noqa: PLC0415 -- app ready
        from steward.people.rules import NoticeRule  # noqa: PLC0415 -- app ready

        register_check("channels.deliveries", problems)
        leave_out("channels_webhooksecret", "Secrets; each endpoint gets a new one, and until then nothing is sent to it.")
        leave_out("channels_widgettoken", "Tokens that were used: each is forgotten within minutes anyway.")
        leave_out_column("channels_channel", "secrets", "Secrets of accounts at vendors: given again.", filling="'{}'::jsonb")
        declare_holder(originals.holds_original)
        originals.declare_carried()
        declare_notice_kind(
            "webhook_given_up", _("A webhook was switched off after failing for days"), sign="unplug", rule=NoticeRule()
        )
        declare_part(Part("channels", erasing.count, erasing.erase))
        declare_part(Part("channels.widget", erasing_pages.count, erasing_pages.erase))
