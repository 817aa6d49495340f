"""Taking tickets over from elsewhere: row by row through the same door, idempotent, in small commits."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import DomainError, Invalid
from steward.core.text import clean, is_blank
from steward.desk.actions.field_values import set_field
from steward.desk.actions.intake import Origin, first_queue, open_ticket
from steward.desk.actions.settings import create_category
from steward.desk.models import Category, Queue, Ticket
from steward.desk.permissions import may_open_for_others
from steward.desk.queries.custom_fields import all_fields
from steward.desk.rules.fields import Definition, read_named
from steward.ledger.actions.giving_way import Courtesy
from steward.people.actions.requesters import ensure_requester
from steward.people.actor import Actor
from steward.people.models import Requester
from steward.people.permissions import require

# Small, so that nothing that follows the ledger waits long for the importer.
CHUNK = 100
# What follows the ledger waits for the end of every transaction that began before: short ones hold nobody up.
CHUNK_SECONDS = 0.15
LONGEST_ID = 200
DEEPEST = 6
KEPT = 20_000
FIRST_YEAR = 1970
CHANNEL = "import"


@dataclass(frozen=True)
class ImportedRow:
    """A request as a file tells it; `number` counts rows from 1, `problem` says why it could not be read.

    `fields` are values of the desk's own fields by their names. `columns` are the cells as they stood, for the file of
    rejected rows.
    """

    number: int
    external_id: str = ""
    subject: str = ""
    body: str = ""
    category: str = ""
    requester_email: str = ""
    created_at: str = ""
    problem: str = ""
    columns: Mapping[str, object] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass
class ImportOutcome:
    """What an import did, with how many rows had no id or no time of their own."""

    read: int = 0
    created: int = 0
    skipped: int = 0
    rejected: int = 0
    without_id: int = 0
    without_time: int = 0


Reject = Callable[[ImportedRow, str], None]


def import_tickets(  # noqa: PLR0913 -- an import is set up by that many independent choices
    *,
    rows: Iterable[ImportedRow],
    source: str,
    queue: Queue | None = None,
    zone: str = "UTC",
    dry_run: bool = False,
    reject: Reject = lambda _row, _reason: None,
    progress: Callable[[ImportOutcome], None] = lambda _outcome: None,
    by: Actor,
    at: datetime,
) -> ImportOutcome:
    """Open a ticket for each row that is not here yet, at its original time.

    A row is known by the source and its id; without an id by its content and how often that came before, so that a
    broken-off import is simply run again. A row that cannot be taken goes to `reject` and the others go on. Commits in
    short chunks and gives way between them; a dry run undoes each.
    """
    require(may_open_for_others(by), _("You may not import tickets."))
    source = clean(source, max_length=LONGEST_ID, field="source")
    taker = _Taker(source, queue or first_queue(), ZoneInfo(zone), reject, by, at)
    waiting, courtesy = ((row, taker.key_of(row)) for row in rows), Courtesy()
    while chunk := list(islice(waiting, CHUNK)):
        while chunk:
            with transaction.atomic():
                chunk = taker.take(chunk)
                transaction.set_rollback(dry_run)
            if dry_run:
                taker.forget()
            else:
                courtesy.give_way()
            progress(taker.outcome)
    return taker.outcome


class _Taker:
    """The state of one import: what it counted, and what it has looked up already."""

    def __init__(self, source: str, queue: Queue, zone: ZoneInfo, reject: Reject, by: Actor, at: datetime) -> None:
        self.source, self.queue, self.zone, self.by, self.at = source, queue, zone, by, at
        self.reject = reject
        self.outcome = ImportOutcome()
        self.repeats: Counter[bytes] = Counter()
        self.undone: set[str] = set()
        self.requesters: dict[str, Requester] = {}
        self.categories: dict[tuple[str, ...], Category] = {}
        self.made: set[str] = set()
        self.fields: dict[str, Definition] = {}

    def key_of(self, row: ImportedRow) -> str:
        """Give a row's id, or one made of what it says and how many rows before it said the same."""
        if row.problem or row.external_id.strip():
            return row.external_id.strip()
        said = f"{row.subject}\x1f{row.body}\x1f{row.category}\x1f{row.requester_email}\x1f{row.created_at}"
        digest = hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=16)
        self.repeats[digest.digest()] += 1
        return f"content:{digest.hexdigest()}:{self.repeats[digest.digest()]}"

    def forget(self) -> None:
        """Forget what was made in a transaction that was undone, but not which rows were seen in it."""
        self.requesters.clear()
        self.categories.clear()
        self.undone |= self.made

    def take(self, chunk: list[tuple[ImportedRow, str]]) -> list[tuple[ImportedRow, str]]:
        """Take rows for a moment; give those that are left for the next transaction."""
        keys = [key for row, key in chunk if not row.problem]
        found = Ticket.objects.filter(source=self.source, external_id__in=keys).values_list("external_id", flat=True)
        known, self.made = {*found, *self.undone.intersection(keys)}, set()
        started = monotonic()
        for place, (row, key) in enumerate(chunk):
            if place and monotonic() - started > CHUNK_SECONDS:
                return chunk[place:]
            self.outcome.read += 1
            self._take(row, key, known)
        return []

    def _take(self, row: ImportedRow, key: str, known: set[str]) -> None:
        if row.problem:
            self._refuse(row, row.problem)
            return
        if key not in known and key not in self.made:
            try:
                self._open(row, key)
            except DomainError as error:
                self._refuse(row, f"{error.message} {error.hint}".strip())
                return
            self.made.add(key)
            self.outcome.created += 1
        else:
            self.outcome.skipped += 1
        self.outcome.without_id += not row.external_id.strip()
        self.outcome.without_time += not row.created_at.strip()

    def _refuse(self, row: ImportedRow, reason: str) -> None:
        self.outcome.rejected += 1
        self.reject(row, reason)

    def _open(self, row: ImportedRow, key: str) -> None:
        opened_at = self._instant(row.created_at)
        clean(key, max_length=LONGEST_ID, field="external_id")
        people, tree = len(self.requesters), len(self.categories)
        try:
            with transaction.atomic():
                ticket = open_ticket(
                    requester=self._requester(row.requester_email),
                    subject=row.subject,
                    body=row.body,
                    origin=Origin(channel=CHANNEL, source=self.source, external_id=key),
                    queue=self.queue,
                    category=self._category(row.category),
                    by=self.by,
                    at=opened_at,
                )
                self._fill(ticket, row.fields, at=opened_at)
        except DomainError:
            # What this row alone brought is undone with it.
            _cut(self.requesters, people)
            _cut(self.categories, tree)
            raise

    def _fill(self, ticket: Ticket, named: Mapping[str, str], *, at: datetime) -> None:
        """Fill the desk's own fields of a new ticket; those a file leaves empty keep their default."""
        for name, said in named.items():
            if is_blank(said):
                continue
            if not self.fields:
                self.fields = {one.name.casefold(): one for one in all_fields()}
            known = self.fields.get(name.casefold())
            if known is None:
                raise Invalid(_("There is no field %(name)s.") % {"name": name[:60]}, field=name)
            set_field(ticket_id=ticket.pk, field_id=known.id, value=read_named(known, said), by=self.by, at=at)

    def _instant(self, text: str) -> datetime:
        text = text.strip()
        if not text:
            return self.at
        hint = _("Write it like 2026-03-02T09:00:00Z.")
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise Invalid(_("created_at is not a time: %(text)s.") % {"text": text[:60]}, field="created_at", hint=hint) from error
        if moment.year < FIRST_YEAR:
            raise Invalid(_("created_at is too long ago: %(text)s.") % {"text": text[:60]}, field="created_at", hint=hint)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
        if moment > self.at:
            raise Invalid(_("created_at lies in the future: %(text)s.") % {"text": text[:60]}, field="created_at", hint=hint)
        return moment.astimezone(UTC)

    def _requester(self, email: str) -> Requester:
        email = email.strip().lower()
        if email not in self.requesters:
            if len(self.requesters) >= KEPT:
                self.requesters.clear()
            if email:
                made = ensure_requester(email=email, source=self.source, by=self.by, at=self.at)
            else:
                made = ensure_requester(
                    name=_("Imported requester"), source=self.source, external_id="imported-requester", by=self.by, at=self.at
                )
            self.requesters[email] = made
        return self.requesters[email]

    def _category(self, path: str) -> Category | None:
        if is_blank(path):
            return None
        names = tuple(
            " ".join(clean(name, max_length=1_000, field="category", required=False).split()) for name in path.split(" / ")
        )
        if not all(names) or len(names) > DEEPEST:
            raise Invalid(
                _("category is not a path of one to %(most)s names.") % {"most": DEEPEST},
                field="category",
                hint=_("Write it like Access / Sign-in."),
            )
        parent: Category | None = None
        for step, branch in _branches(names):
            if branch not in self.categories:
                found = Category.objects.filter(parent=parent, name__iexact=step).first()
                self.categories[branch] = found or create_category(values={"name": step, "parent": parent}, by=self.by, at=self.at)
            parent = self.categories[branch]
        return parent


def _cut(kept: dict[Any, Any], length: int) -> None:
    while len(kept) > length:
        kept.popitem()


def _branches(names: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    folded = tuple(name.casefold() for name in names)
    for depth, name in enumerate(names, 1):
        yield name, folded[:depth]
