"""A conversation as values and words for the widget to draw: the same that the portal says, as data."""

from typing import Any

from django.utils.translation import gettext as _

from steward.channels.queries import front_queue, presence_of, thread_of
from steward.channels.queries.expectation import Expectation, Presence
from steward.channels.queries.thread import Line, Thread
from steward.channels.queries.widget import Talk, WidgetSession, reachable_ticket, talks_of
from steward.core import clock
from steward.desk.models import Message, Question, Ticket
from steward.desk.rules.files import SHOWN_INLINE
from steward.web.shared.labels import state_label
from steward.web.shared.times import day_and_time, duration
from steward.web.widget.sentences import event_words, headline, steps


def drawn_state(session: WidgetSession, ticket_id: int | None, *, fresh: bool = False, before: int | None = None) -> dict[str, Any]:
    """Draw a conversation of somebody, or without one asked for the one that goes on; raises `NotFound` for any other."""
    at = clock.now()
    talks = talks_of(session)
    if ticket_id is None and not fresh:
        ticket_id = next((talk.id for talk in talks if talk.state != "closed"), None)
    told: dict[str, Any] = {
        "talks": [_talk(talk) for talk in talks],
        "news": sum(talk.news for talk in talks),
        "ticket": None,
        "lines": [],
    }
    if ticket_id is None:
        presence = presence_of(front_queue(), at)
        return {**told, "presence": _presence(presence), "staffed": presence.is_staffed}
    ticket = reachable_ticket(session, ticket_id)
    thread = thread_of(ticket, at, before=before, requester_id=session.requester.pk)
    return {
        **told,
        "ticket": _ticket(thread),
        "lines": [_line(line, thread) for line in thread.lines],
        "earlier": thread.earlier,
        "unseen": thread.unseen,
    }


def _talk(talk: Talk) -> dict[str, Any]:
    name = _("Fixed and confirmed") if talk.outcome == "confirmed" else state_label(talk.state, requester=True)
    return {
        "id": talk.id,
        "subject": talk.subject or _("(no subject)"),
        "state": talk.state,
        "state_name": name,
        "at": talk.last_message_at.isoformat(),
        "news": talk.news,
    }


def _ticket(thread: Thread) -> dict[str, Any]:
    ticket, expected = thread.ticket, thread.expectation
    return {
        "id": ticket.pk,
        "subject": ticket.subject,
        "state": "confirmed" if ticket.outcome == "confirmed" else ticket.state,
        "headline": headline(ticket, expected),
        "steps": steps(ticket),
        "expect": _expect(ticket, expected),
        "note": _note(expected),
        "write": _write_hint(ticket),
    }


def _expect(ticket: Ticket, expected: Expectation) -> list[tuple[str, str]]:
    rows = []
    if expected.agent or expected.waits_for_desk:
        label = _("Answered by") if ticket.state == "closed" else _("Who answers")
        rows.append((label, expected.agent or expected.team or _("Our team")))
    if expected.place:
        rows.append((_("Place in line"), _("next") if expected.place == 1 else str(expected.place)))
    if expected.usual_wait and expected.is_staffed:
        rows.append((_("Usual wait"), duration(expected.usual_wait)))
    if expected.promised_at:
        rows.append((_("Answer promised by"), day_and_time(expected.promised_at)))
    return rows


def _note(expected: Expectation) -> str:
    if expected.is_late:
        return _("We are later than we promised. We are sorry; it is not forgotten.")
    if expected.waits_for_desk and not expected.is_staffed:
        if expected.back_at:
            said = _("Nobody is on shift right now. The team is back at %(time)s; your request is safe in line.")
            return said % {"time": day_and_time(expected.back_at)}
        return _("Nobody is on shift right now. Your request is safe in line until somebody is back.")
    return ""


def _write_hint(ticket: Ticket) -> str:
    if ticket.closed_at is not None and ticket.closed_at + ticket.queue.reopen_for < clock.now():
        return _("This was closed a while ago: what you write opens a new request, linked to this one.")
    return _("Writing opens this request again.") if ticket.state in {"solved", "closed"} else ""


def _presence(presence: Presence) -> str:
    if presence.is_staffed:
        here = _("We are here now.")
        if not presence.usual_wait:
            return here
        return f"{here} {_('The first answer usually takes %(time)s.') % {'time': duration(presence.usual_wait)}}"
    if presence.back_at:
        said = _("Nobody is on shift right now. The team is back at %(time)s; you can write already.")
        return said % {"time": day_and_time(presence.back_at)}
    return _("Nobody is on shift right now. Write already: it stays in line until somebody is back.")


def _line(line: Line, thread: Thread) -> dict[str, Any]:
    message = line.message
    if message is None:
        return {"key": f"e{line.key}", "at": line.at.isoformat(), "event": event_words(line.what, line.who, thread.ticket.pk)}
    mine = message.from_requester and message.requester_id in {thread.reader_id, None}
    question = getattr(message, "question", None)
    return {
        "key": f"m{message.pk}",
        "at": line.at.isoformat(),
        "mine": mine,
        "author": "" if mine else line.author or ("" if message.from_requester else "Steward"),
        "automatic": message.automatic,
        "body": "" if question is not None and question.is_open else message.body or _words_gone(message),
        "edited": _("edited") if message.edited_at and not message.erased_at else "",
        "files": [
            {"id": file.pk, "name": file.name, "size": file.size, "image": file.media_type in SHOWN_INLINE}
            for file in message.files
            if file.erased_at is None
        ],
        "question": _question(question) if question is not None else None,
    }


def _words_gone(message: Message) -> str:
    return _("The words were erased.") if message.erased_at else ""


def _question(question: Question) -> dict[str, Any] | None:
    if question.withdrawn_at and not question.answered_at:
        return None
    if question.kind == Question.Kind.CONFIRMATION:
        options = [["yes", _("Yes, it is fixed")], ["no", _("No, not yet")]]
        answered = {"yes": _("You said: yes, it is fixed"), "no": _("You said: no, not yet")}
    elif question.kind == Question.Kind.RATING:
        names = (_("Very bad"), _("Bad"), _("All right"), _("Good"), _("Very good"))
        options = [[str(step), name] for step, name in enumerate(names, start=1)]
        answered = {step: _("You gave %(given)s of 5") % {"given": step} for step, _name in options}
    else:
        options, answered = [[str(one), str(one)] for one in question.options], {}
    return {
        "id": question.pk,
        "ticket": question.ticket_id,
        "kind": question.kind,
        "prompt": question.message.body if question.is_open else "",
        "open": question.is_open,
        "options": options,
        "answered": answered.get(question.answer, question.answer),
    }
