"""What the desk tells its people of: the kinds of notices, each in words that hold nothing of what was written."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from steward.people.notice_kinds import declare_notice_kind
from steward.people.rules import NoticeRule, Told

ASSIGNED, REPLY, MENTION, WATCHED = "assigned", "reply", "mention", "watched"
FOLLOW_UP_DUE, HANDOVER, BULK_DONE, RULE_PARKED = "follow_up_due", "handover", "bulk_done", "rule_parked"
EXTENDED = "exposure_extended"
ASIDE = "side_message"


def declare_desk_notices() -> None:
    """Make the desk's kinds of notices known; called at start."""
    loud = NoticeRule(how=Told.LOUD)
    declare_notice_kind(ASSIGNED, _("A ticket was assigned to me"), sign="user-round-check", many=_tickets)
    declare_notice_kind(REPLY, _("A requester wrote on my ticket"), sign="reply", rule=loud, many=_replies)
    declare_notice_kind(MENTION, _("Somebody mentioned me"), sign="at-sign", rule=loud, many=_mentions)
    declare_notice_kind(WATCHED, _("Something happened on a ticket I watch"), sign="eye", many=_watched)
    declare_notice_kind(ASIDE, _("Something was said in a side conversation"), sign="messages-square")
    declare_notice_kind(FOLLOW_UP_DUE, _("A follow-up of mine is due"), sign="list-todo", many=_follow_ups)
    declare_notice_kind(HANDOVER, _("A handover is waiting for me"), sign="arrow-right-left", rule=loud)
    declare_notice_kind(BULK_DONE, _("A bulk change of mine is done"), sign="list-checks")
    declare_notice_kind(EXTENDED, _("A lead let me look at harmful content for longer"), sign="eye")
    declare_notice_kind(RULE_PARKED, _("An automation of mine was stopped"), sign="circle-pause", rule=loud)


def _tickets(_count: int, tickets: int) -> str:
    return ngettext("%(tickets)s ticket was assigned to me", "%(tickets)s tickets were assigned to me", tickets) % {
        "tickets": tickets
    }


def _replies(count: int, tickets: int) -> str:
    words = ngettext("%(count)s replies on %(tickets)s ticket", "%(count)s replies on %(tickets)s tickets", tickets)
    return words % {"count": count, "tickets": tickets}


def _mentions(count: int, tickets: int) -> str:
    words = ngettext("%(count)s mentions on %(tickets)s ticket", "%(count)s mentions on %(tickets)s tickets", tickets)
    return words % {"count": count, "tickets": tickets}


def _watched(count: int, tickets: int) -> str:
    words = ngettext("%(count)s changes on %(tickets)s ticket I watch", "%(count)s changes on %(tickets)s tickets I watch", tickets)
    return words % {"count": count, "tickets": tickets}


def _follow_ups(count: int, tickets: int) -> str:
    words = ngettext("%(count)s follow-ups due on %(tickets)s ticket", "%(count)s follow-ups due on %(tickets)s tickets", tickets)
    return words % {"count": count, "tickets": tickets}
