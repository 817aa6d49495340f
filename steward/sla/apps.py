"""Start-up of sla."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    """The promises as a Django application."""

    name = "steward.sla"
    label = "sla"

    def ready(self) -> None:
        """Start following the ledger and register what `steward verify` checks here."""
        from steward.ledger.subscriptions import register_check  # noqa: PLC0415 -- app ready
        from steward.people.notice_kinds import declare_notice_kind  # noqa: PLC0415 -- app ready
        from steward.sla import subscribers  # noqa: F401, PLC0415 -- app ready
        from steward.sla.queries.checks import verify_problems  # noqa: PLC0415 -- app ready

        register_check("sla.clocks", verify_problems)
        declare_notice_kind("clock_warned", _("A clock is about to run out"))
        declare_notice_kind("clock_breached", _("A clock ran out"))
