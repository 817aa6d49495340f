"""The verbs that write: a reply to the requester, a note among ourselves, a promise to come back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steward.core.errors import Invalid
from steward.core.text import one_line
from steward.desk.actions.filling import check_variables, filled, filled_for, unfilled_words
from steward.desk.actions.following_up import LONGEST_WHAT, add_follow_up, finish_follow_up
from steward.desk.actions.locking import lock_for_work
from steward.desk.actions.replies import add_note, reply
from steward.desk.actions.verbs.moving import ME, people_choices
from steward.desk.actions.verbs.refusing import refusal
from steward.desk.actions.verbs.registry import Args, Argument, Call, Described, Kind, Verb, register_verb
from steward.desk.models import FollowUp
from steward.desk.rules.snapshot import Snapshot
from steward.people.actor import Actor
from steward.people.models import User

LONGEST_TEXT = 20_000
OWNER = "owner"
_SHOWN = 160


@dataclass(frozen=True)
class Write:
    """Write a text with its variables filled in, to the requester or as a note."""

    body: str
    to_requester: bool

    def words(self) -> str:
        """Say what it does."""
        words = _("Reply: “%(text)s”") if self.to_requester else _("Note: “%(text)s”")
        return words % {"text": one_line(self.body, max_length=_SHOWN)}

    def describe(self, ticket: Snapshot, by: Actor) -> Described:
        """Say what would be written on this ticket."""
        found = filled_for(ticket.ticket_id, self.body, by=by)
        if found.missing:
            return Described(refused=unfilled_words(found.missing))
        words = _("Reply to the requester: “%(text)s”") if self.to_requester else _("Internal note: “%(text)s”")
        return refusal(ticket, by) or Described((words % {"text": one_line(found.text, max_length=_SHOWN)},))

    def perform(self, ticket_id: int, by: Actor, at: datetime) -> tuple[Call, ...]:
        """Write it; what was said cannot be taken back."""
        lock_for_work(ticket_id, by)
        body = filled(ticket_id, self.body, by=by)
        (reply if self.to_requester else add_note)(ticket_id=ticket_id, body=body, by=by, at=at)
        return ()


def _write(args: Args, *, to_requester: bool) -> Write:
    body = str(args["body"])
    check_variables(body, field="body")
    return Write(body, to_requester=to_requester)


@dataclass(frozen=True)
class Promise:
    """Promise to come back after some hours."""

    what: str
    hours: int
    owner: str

    def words(self) -> str:
        """Say what it does."""
        return _("Follow up in %(hours)s h: %(what)s") % {"hours": self.hours, "what": self.what}

    def describe(self, ticket: Snapshot, by: Actor) -> Described:
        """Say what would be promised."""
        if self.owner == OWNER and ticket.assignee_id is None:
            return Described(refused=_("Nobody owns it, so nobody can promise a follow-up."))
        if self.owner == ME and by.user_id is None:
            return Described(refused=_("Nobody acts here, so nobody can promise a follow-up."))
        return refusal(ticket, by) or Described((self.words(),))

    def perform(self, ticket_id: int, by: Actor, at: datetime) -> tuple[Call, ...]:
        """Promise it; the way back drops the promise."""
        ticket = lock_for_work(ticket_id, by)
        owner_id = {ME: by.user_id, OWNER: ticket.assignee_id}.get(self.owner) or _number(self.owner)
        owner = User.objects.active().filter(pk=owner_id).first()
        if owner is None:
            raise Invalid(
                _("Nobody is there to promise a follow-up."), field="owner", hint=_("Choose a person, or assign it first.")
            )
        due_at = at + timedelta(hours=self.hours)
        made = add_follow_up(ticket_id=ticket_id, owner=owner, what=self.what, due_at=due_at, by=by, at=at)
        return (Call("drop_follow_up", {"follow_up": made.pk}),)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _promise(args: Args) -> Promise:
    return Promise(str(args["what"]), int(args["hours"]), str(args["owner"]))


@dataclass(frozen=True)
class DropFollowUp:
    """Drop a promised follow-up: the way back from promising one."""

    follow_up_id: int

    def words(self) -> str:
        """Say what it does."""
        return _("Drop the follow-up")

    def describe(self, ticket: Snapshot, by: Actor) -> Described:
        """Say what it would change."""
        waiting = FollowUp.objects.filter(pk=self.follow_up_id, ticket_id=ticket.ticket_id, done_at=None)
        return (refusal(ticket, by) or Described((self.words(),))) if waiting.exists() else Described()

    def perform(self, ticket_id: int, by: Actor, at: datetime) -> tuple[Call, ...]:
        """Drop it, unless it was done meanwhile."""
        lock_for_work(ticket_id, by)
        if FollowUp.objects.filter(pk=self.follow_up_id, ticket_id=ticket_id, done_at=None).exists():
            finish_follow_up(follow_up_id=self.follow_up_id, outcome=FollowUp.Outcome.DROPPED, by=by, at=at)
        return ()


def register() -> None:
    """Make these verbs known."""
    body = Argument("body", gettext_lazy("Text"), Kind.LONG_TEXT, most=LONGEST_TEXT, with_variables=True)
    what = Argument("what", gettext_lazy("What is promised"), Kind.TEXT, most=LONGEST_WHAT)
    hours = Argument("hours", gettext_lazy("In how many hours"), Kind.NUMBER, least=1, most=2_160)
    owner = Argument("owner", gettext_lazy("Who comes back"), choices=_promisers)
    register_verb(
        Verb(
            "reply", gettext_lazy("Reply"), "send", lambda args: _write(args, to_requester=True), (body,), undoes=False, speaks=True
        )
    )
    register_verb(
        Verb(
            "note",
            gettext_lazy("Internal note"),
            "lock",
            lambda args: _write(args, to_requester=False),
            (body,),
            undoes=False,
            lasts=False,
        )
    )
    register_verb(Verb("follow_up", gettext_lazy("Promise a follow-up"), "list-todo", _promise, (what, hours, owner), lasts=False))
    dropped = Argument("follow_up", gettext_lazy("Follow-up"), Kind.NUMBER, most=2_000_000_000)
    register_verb(
        Verb(
            "drop_follow_up",
            gettext_lazy("Drop the follow-up"),
            "list-checks",
            lambda args: DropFollowUp(int(args["follow_up"])),
            (dropped,),
            undoes=False,
            lasts=False,
            offered=False,
        )
    )


def _promisers(by: Actor) -> list[tuple[str, str]]:
    return [(ME, _("Whoever runs it")), (OWNER, _("The ticket's owner")), *people_choices(by)]
