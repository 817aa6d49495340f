"""What happened to a ticket, in words: one sentence, an icon and a tone for each kind of fact."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from steward.desk.models import Ticket
from steward.desk.rules.fields import WRITTEN, Definition
from steward.web.shared.labels import CLOCKS, REASONS, STATE_ICONS, because_words, priority_label, state_label
from steward.web.shared.snoozing import until_words
from steward.web.shared.times import day_and_time, duration

OUTCOMES = {
    "confirmed": gettext_lazy("closed it: the requester confirmed the fix"),
    "unconfirmed": gettext_lazy("closed it without the requester's word"),
    "other": gettext_lazy("closed it"),
    "merged": gettext_lazy("closed it: it goes on in another ticket"),
}
LINKS = {
    "related": pgettext_lazy("link to a ticket", "related to"),
    "duplicate_of": pgettext_lazy("link to a ticket", "duplicate of"),
    "follow_up_of": pgettext_lazy("link to a ticket", "continues"),
    "caused_by": pgettext_lazy("link to a ticket", "caused by"),
    "blocked_by": pgettext_lazy("link to a ticket", "blocked by"),
    "child_of": pgettext_lazy("link to a ticket", "part of"),
    "split_from": pgettext_lazy("link to a ticket", "split off from"),
}
LINKS_BACK = {
    "related": pgettext_lazy("link to a ticket", "related to"),
    "duplicate_of": pgettext_lazy("link to a ticket", "duplicated by"),
    "follow_up_of": pgettext_lazy("link to a ticket", "continued by"),
    "caused_by": pgettext_lazy("link to a ticket", "cause of"),
    "blocked_by": pgettext_lazy("link to a ticket", "blocks"),
    "child_of": pgettext_lazy("link to a ticket", "has the part"),
    "split_from": pgettext_lazy("link to a ticket", "of which was split off"),
}


@dataclass(frozen=True)
class Names:
    """What the ids in facts are called."""

    users: Mapping[int, str] = field(default_factory=dict)
    queues: Mapping[int, str] = field(default_factory=dict)
    categories: Mapping[int, str] = field(default_factory=dict)
    tags: Mapping[int, str] = field(default_factory=dict)
    parties: Mapping[int, str] = field(default_factory=dict)
    requesters: Mapping[int, str] = field(default_factory=dict)
    fields: Mapping[int, Definition] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """An event as a line: its words follow the name of whoever acted."""

    words: str
    sign: str = "dot"
    tone: str = ""
    minor: bool = False


Wording = Callable[[Any, int | None, Names], Said]


def say(kind: str, fact: Any, actor_id: int | None, names: Names) -> Said:
    """Put an event into words; one of a kind that has none yet is named by its kind, never left out."""
    wording = _WORDINGS.get(kind)
    if wording is None:
        return Said(kind.partition(".")[2].replace("_", " "))
    return wording(fact, actor_id, names)


def reason_words(reason: str) -> str:
    """Say why a ticket waits; a reason in somebody's own words is shown as written."""
    return str(REASONS.get(reason, reason))


def _status(fact: Any, _actor: int | None, _names: Names) -> Said:
    words = _("set it from %(old)s to %(new)s") % {"old": state_label(fact.old), "new": state_label(fact.new)}
    if fact.reason:
        words = f"{words}: {reason_words(fact.reason)}"
    return Said(words, STATE_ICONS.get(fact.new, "dot"))


def _assigned(fact: Any, actor: int | None, names: Names) -> Said:
    new = names.users.get(fact.new_assignee_id or 0, "")
    if fact.how == "handback":
        old = names.users.get(fact.old_assignee_id or 0, "")
        return Said(_("gave it back to the queue: %(name)s is not there") % {"name": old}, "undo-2")
    if fact.how == "handover":
        words = _("passed it to %(name)s at the end of the shift") % {"name": new} if new else ""
        return Said(words or _("gave it back to the queue at the end of the shift"), "arrow-right-left")
    if fact.new_assignee_id is None:
        return Said(_("gave it back to the queue"), "undo-2")
    return _given(fact, actor, new)


def _given(fact: Any, actor: int | None, new: str) -> Said:
    because = because_words(fact.because)
    if fact.how == "get_next":
        words = _("took it as the next ticket, by %(why)s") % {"why": because} if because else _("took it as the next ticket")
        return Said(words, "hand")
    if fact.how == "routing":
        words = _("handed it out to %(name)s") % {"name": new}
        return Said(_("%(words)s, by %(why)s") % {"words": words, "why": because} if because else words, "user-round-check")
    if fact.new_assignee_id == actor:
        return Said(_("took it"), "user-round-check")
    return Said(_("assigned it to %(name)s") % {"name": new}, "user-round-check")


def _transferred(fact: Any, _actor: int | None, names: Names) -> Said:
    old, new = names.queues.get(fact.old_queue_id, "?"), names.queues.get(fact.new_queue_id, "?")
    words = {
        "lead": _("handed it to a lead, from %(old)s to %(new)s"),
        "engineering": _("handed it to engineering, from %(old)s to %(new)s"),
    }
    text = words.get(fact.handed_on) or _("moved it from %(old)s to %(new)s")
    return Said(text % {"old": old, "new": new}, "arrow-right-left", "warn" if fact.handed_on else "")


def _category(fact: Any, _actor: int | None, names: Names) -> Said:
    if fact.new is None:
        return Said(_("took the category off"), "tags")
    return Said(_("put it under %(category)s") % {"category": names.categories.get(fact.new, "?")}, "tags")


def _field(fact: Any, _actor: int | None, names: Names) -> Said:
    known = names.fields.get(fact.field_id)
    name = known.name if known else _("a field")
    if fact.new is None:
        return Said(_("emptied %(field)s") % {"field": name}, "list-x", minor=True)
    if known is None or known.kind in WRITTEN:
        words = _("filled in %(field)s") if fact.old is None else _("rewrote %(field)s")
        return Said(words % {"field": name}, "text-cursor-input", minor=True)
    return Said(
        _("set %(field)s to %(value)s") % {"field": name, "value": known.names_of(fact.new)}, "text-cursor-input", minor=True
    )


def _reopened(fact: Any, _actor: int | None, _names: Names) -> Said:
    words = {"denied": _("reopened it: it is not fixed"), "reply": _("reopened it by writing again")}
    return Said(words.get(fact.why) or _("reopened it"), "rotate-ccw", "warn")


def _question(fact: Any, _actor: int | None, _names: Names) -> Said:
    if fact.question_kind == "rating":
        return Said(_("rated the help %(stars)s of 5") % {"stars": fact.answer}, "star")
    answers = {"yes": _("answered: yes, it is fixed"), "no": _("answered: no, not yet")}
    return Said(answers.get(fact.answer) or _("answered: %(answer)s") % {"answer": fact.answer}, "message-circle")


def _flagged(fact: Any, _actor: int | None, _names: Names) -> Said:
    if not fact.new:
        return Said(_("said that it holds nothing harmful"), "shield-check")
    return Said(_("flagged it: %(kind)s") % {"kind": str(Ticket.Harm(fact.new).label)}, "shield-alert", "warn")


def _follow_up_done(fact: Any, _actor: int | None, _names: Names) -> Said:
    words = {"done": _("did the follow-up"), "no_answer": _("ended the follow-up: no answer")}
    return Said(words.get(fact.outcome) or _("dropped the follow-up"), "list-checks")


def _snooze_ended(fact: Any, _actor: int | None, _names: Names) -> Said:
    words = {
        "time": _("brought it back: snoozed %(until)s") % {"until": until_words(fact.until, fact.until_at)},
        "reply": _("woke it by writing"),
        "moved": _("ended the snooze: it has another owner"),
        "over": _("ended the snooze: it is no longer worked"),
    }
    return Said(words.get(fact.ended_as) or _("ended the snooze"), "alarm-clock", minor=fact.ended_as in {"moved", "over"})


def _merged(fact: Any, _actor: int | None, _names: Names) -> Said:
    if fact.ticket_id == fact.source_id:
        return Said(_("merged it into #%(number)s") % {"number": fact.target_id}, "git-merge", "warn")
    return Said(_("merged #%(number)s into it") % {"number": fact.source_id}, "git-merge", "warn")


def _unmerged(fact: Any, _actor: int | None, _names: Names) -> Said:
    if fact.ticket_id == fact.source_id:
        return Said(_("took the merge into #%(number)s back") % {"number": fact.target_id}, "undo-2", "warn")
    return Said(_("took the merge of #%(number)s back") % {"number": fact.source_id}, "undo-2", "warn")


def _moved_message(fact: Any, _actor: int | None, _names: Names) -> Said:
    if fact.to_id == fact.ticket_id:
        return Said(_("moved a message here from #%(number)s") % {"number": fact.from_id}, "corner-down-right")
    return Said(_("moved a message to #%(number)s") % {"number": fact.to_id}, "corner-up-right")


def moved_away(number: int) -> Said:
    """Say in place of a message that it stands elsewhere now."""
    return Said(_("wrote here what now stands on #%(number)s") % {"number": number}, "corner-up-right")


def _participant(words: object, sign: str) -> Wording:
    return lambda fact, _actor, names: Said(str(words) % {"name": names.requesters.get(fact.requester_id) or "?"}, sign)


def _side(words: object, sign: str) -> Wording:
    return lambda fact, _actor, names: Said(str(words) % {"party": names.parties.get(fact.conversation_id, "?")}, sign)


def _watched(fact: Any, actor: int | None, names: Names) -> Said:
    if fact.user_id == actor:
        return Said(_("watches it from now on"), "eye", minor=True)
    return Said(_("made %(name)s watch it") % {"name": names.users.get(fact.user_id, "?")}, "eye", minor=True)


def _unwatched(fact: Any, actor: int | None, names: Names) -> Said:
    if fact.user_id == actor:
        return Said(_("no longer watches it"), "eye-off", minor=True)
    return Said(_("made %(name)s no longer watch it") % {"name": names.users.get(fact.user_id, "?")}, "eye-off", minor=True)


def _handed_over(fact: Any, _actor: int | None, _names: Names) -> Said:
    words = {
        "kept": _("kept it over the end of the shift"),
        "passed": _("handed it over"),
        "parked": _("parked it at the end of the shift"),
    }
    return Said(words.get(fact.choice) or _("handed it over"), "arrow-right-left", minor=True)


def _clock(words: Callable[[Any], str], sign: str, tone: str = "") -> Wording:
    minor = tone in {"", "good"}
    return lambda fact, _actor, _names: Said(f"{CLOCKS.get(fact.clock_kind, fact.clock_kind)}: {words(fact)}", sign, tone, minor)


def _fixed(words: object, sign: str, tone: str = "") -> Wording:
    return lambda _fact, _actor, _names: Said(str(words), sign, tone)


def _sign(fact: Any, _actor: int | None, _names: Names) -> Said:
    return Said(_("put %(sign)s on a message") % {"sign": fact.sign}, "message-circle")


_WORDINGS: dict[str, Wording] = {
    "desk.ticket_opened": _fixed(gettext_lazy("opened the ticket"), "circle-plus"),
    "desk.status_changed": _status,
    "desk.ticket_solved": _fixed(gettext_lazy("said that it is solved"), "circle-check", "good"),
    "desk.confirmation_asked": _fixed(gettext_lazy("asked the requester whether it is fixed"), "circle-help"),
    "desk.confirmation_reminded": _fixed(gettext_lazy("reminded the requester to confirm"), "bell"),
    "desk.fix_confirmed": _fixed(gettext_lazy("confirmed that it is fixed"), "badge-check", "good"),
    "desk.fix_denied": _fixed(gettext_lazy("said that it is not fixed"), "circle-x", "bad"),
    "desk.ticket_reopened": _reopened,
    "desk.ticket_closed": lambda fact, _a, _n: Said(str(OUTCOMES.get(fact.outcome, OUTCOMES["other"])), "archive"),
    "desk.ticket_assigned": _assigned,
    "desk.ticket_transferred": _transferred,
    "desk.priority_changed": lambda fact, _a, _n: Said(
        _("set the priority from %(old)s to %(new)s") % {"old": priority_label(fact.old), "new": priority_label(fact.new)},
        "signal-high",
    ),
    "desk.category_changed": _category,
    "desk.field_changed": _field,
    "desk.subject_edited": _fixed(gettext_lazy("rewrote the subject"), "pencil"),
    "desk.tag_added": lambda fact, _a, names: Said(_("added the label %(tag)s") % {"tag": names.tags.get(fact.tag_id, "?")}, "tag"),
    "desk.tag_removed": lambda fact, _a, names: Said(
        _("took off the label %(tag)s") % {"tag": names.tags.get(fact.tag_id, "?")}, "tag"
    ),
    "desk.follow_up_added": lambda fact, _a, names: Said(
        _("promised a follow-up by %(name)s") % {"name": names.users.get(fact.owner_id, "?")}, "list-todo"
    ),
    "desk.follow_up_done": _follow_up_done,
    "desk.ticket_flagged": _flagged,
    "desk.message_erased": _fixed(gettext_lazy("erased the words of a message"), "eraser", "warn"),
    "channels.message_not_delivered": _fixed(gettext_lazy("could not deliver a message to the requester"), "circle-alert", "bad"),
    "channels.message_sent_again": _fixed(gettext_lazy("had a message sent once more"), "rotate-cw"),
    "channels.message_reacted": _sign,
    "desk.message_revised": _fixed(gettext_lazy("edited a message"), "pencil"),
    "desk.message_withdrawn": _fixed(gettext_lazy("took a message back"), "eraser"),
    "desk.file_erased": _fixed(gettext_lazy("erased a file"), "eraser", "warn"),
    "desk.file_redacted": _fixed(gettext_lazy("made a redacted copy of a picture"), "square-dashed"),
    "desk.tickets_linked": lambda fact, _a, _n: Said(_("linked #%(number)s") % {"number": fact.other_id}, "link"),
    "desk.tickets_unlinked": lambda fact, _a, _n: Said(
        _("took the link to #%(number)s back") % {"number": fact.other_id}, "unlink"
    ),
    "desk.question_answered": _question,
    "desk.tickets_merged": _merged,
    "desk.tickets_unmerged": _unmerged,
    "desk.message_moved": _moved_message,
    "desk.participant_added": _participant(gettext_lazy("told %(name)s along"), "user-round-plus"),
    "desk.participant_removed": _participant(gettext_lazy("took %(name)s out of the conversation"), "user-round-minus"),
    "desk.side_conversation_started": _side(gettext_lazy("started a side conversation with %(party)s"), "messages-square"),
    "desk.side_message_sent": _side(gettext_lazy("wrote to %(party)s beside the ticket"), "message-square-share"),
    "desk.side_message_received": _side(gettext_lazy("answered in the side conversation"), "message-square-reply"),
    "desk.side_conversation_ended": _side(gettext_lazy("ended the side conversation with %(party)s"), "message-square-off"),
    "desk.side_conversation_reopened": _side(gettext_lazy("took the side conversation with %(party)s up again"), "messages-square"),
    "desk.side_link_renewed": _side(gettext_lazy("gave %(party)s a new link to answer by"), "link"),
    "desk.ticket_watched": _watched,
    "desk.ticket_unwatched": _unwatched,
    "desk.ticket_snoozed": lambda fact, _a, _n: Said(
        _("snoozed it %(until)s") % {"until": until_words(fact.until, fact.until_at)}, "alarm-clock-off"
    ),
    "desk.snooze_moved": lambda fact, _a, _n: Said(
        _("moved the end of the snooze to %(time)s: the shift begins then") % {"time": day_and_time(fact.until_at)},
        "alarm-clock",
        minor=True,
    ),
    "desk.snooze_ended": _snooze_ended,
    "desk.ticket_handed_over": _handed_over,
    "desk.return_seen": lambda _f, _a, _n: Said(_("saw that it is back"), "check", minor=True),
    "sla.clock_started": _clock(lambda fact: _("promised within %(time)s") % {"time": duration(fact.target_seconds)}, "timer"),
    "sla.clock_paused": _clock(lambda fact: _("paused, %(why)s") % {"why": reason_words(fact.reason)}, "pause"),
    "sla.clock_resumed": _clock(lambda _fact: _("runs again"), "play"),
    "sla.clock_retargeted": _clock(
        lambda fact: _("promised anew within %(time)s") % {"time": duration(fact.new_target_seconds)}, "timer-reset"
    ),
    "sla.clock_met": _clock(lambda fact: _("met after %(time)s") % {"time": duration(fact.elapsed_seconds)}, "check", "good"),
    "sla.clock_missed": _clock(
        lambda fact: _("stopped late, after %(time)s") % {"time": duration(fact.elapsed_seconds)}, "timer-off", "bad"
    ),
    "sla.clock_warned": _clock(lambda _fact: _("is about to run out"), "alarm-clock", "warn"),
    "sla.clock_breached": _clock(lambda _fact: _("ran out"), "flame", "bad"),
    "sla.clock_cancelled": _clock(lambda _fact: _("no longer runs"), "timer-off"),
    "channels.message_delivered": _fixed(gettext_lazy("delivered the message"), "check"),
    "channels.message_seen": _fixed(gettext_lazy("has seen the message"), "check-check"),
}
