"""Start-up of sla."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class SlaConfig(AppConfig):
    """The promises as a Django application."""

    name = "steward.sla"
    label = "sla"

    def ready(self) -> None:
        """Start following the ledger, and register what `steward verify` checks here and what can be asked in filters."""
        from steward.ledger.subscriptions import register_check  # noqa: PLC0415 -- app ready
        from steward.people.notice_kinds import declare_notice_kind  # noqa: PLC0415 -- app ready
        from steward.people.rules import NoticeRule, Told  # noqa: PLC0415 -- app ready
        from steward.sla import subscribers  # noqa: F401, PLC0415 -- app ready
        from steward.sla.actions import occasions  # noqa: PLC0415 -- app ready
        from steward.sla.queries import filtering  # noqa: PLC0415 -- app ready
        from steward.sla.queries.checks import verify_problems  # noqa: PLC0415 -- app ready

        register_check("sla.clocks", verify_problems)
        occasions.register()
        filtering.register()
        loud = NoticeRule(how=Told.LOUD)
        declare_notice_kind("clock_warned", _("A clock is about to run out"), sign="alarm-clock", many=_warned)
        declare_notice_kind("clock_breached", _("A clock ran out"), sign="flame", rule=loud, many=_breached)
        # Somebody has to hear of it: nobody can switch it off, and it is told off shift too.
        declare_notice_kind(
            "clock_unattended",
            _("A clock ran out while nobody is on duty"),
            sign="siren",
            rule=loud,
            always=True,
            many=_unattended,
        )


def _warned(count: int, tickets: int) -> str:
    return ngettext(
        "%(count)s clocks are about to run out, on %(tickets)s ticket",
        "%(count)s clocks are about to run out, on %(tickets)s tickets",
        tickets,
    ) % {"count": count, "tickets": tickets}


def _breached(count: int, tickets: int) -> str:
    return ngettext(
        "%(count)s clocks ran out, on %(tickets)s ticket", "%(count)s clocks ran out, on %(tickets)s tickets", tickets
    ) % {
        "count": count,
        "tickets": tickets,
    }


def _unattended(count: int, tickets: int) -> str:
    return ngettext(
        "%(count)s clocks ran out while nobody is on duty, on %(tickets)s ticket",
        "%(count)s clocks ran out while nobody is on duty, on %(tickets)s tickets",
        tickets,
    ) % {"count": count, "tickets": tickets}
