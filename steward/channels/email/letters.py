"""Letters as the desk hears them: who says what, what it answers, and what is no word to the desk at all."""

import hashlib
from collections.abc import Sequence

from django.utils.translation import gettext as _

from steward.channels.contract import (
    Account,
    Arrival,
    Heard,
    Ignored,
    Json,
    Letter,
    Place,
    RemoteFile,
    Speaker,
    Undelivered,
    Unreadable,
    Wrote,
)
from steward.channels.email import headers
from steward.channels.email.addressing import is_own_id, ticket_claimed
from steward.channels.email.classifying import (
    Dmarc,
    Kind,
    bounce_of,
    dmarc_of,
    kind_of,
    may_be_answered_by_machine,
    writes_as_machine,
)
from steward.channels.email.headers import split_head
from steward.channels.email.mailbox import key, loop_name, own_addresses, short
from steward.channels.email.reading import Mail, Part, read_mail, without_envelope_line
from steward.channels.email.trimming import trim_reply
from steward.people.rules import is_email

# Who could not be proven to be somebody is somebody else, known by this before the address they claim.
UNPROVEN = "unverified:"
LONGEST_BODY = 900_000
LONGEST_ID = 250
MOST_COPIES = 15
_ARRIVED_AT = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")


def arrival_of(original: bytes, *, left: Sequence[tuple[str, int]] = ()) -> Arrival:
    """Give a letter with a name of its own, in line with what the same sender writes; `left` are files left on the server."""
    head, _body = split_head(without_envelope_line(original))
    senders = headers.addresses(headers.all_raw(head, "From"))
    message_id = next(iter(headers.message_ids(headers.all_raw(head, "Message-ID"))), "")
    return Arrival(
        event_id=message_id[:LONGEST_ID],
        raw={"message_id": message_id[:LONGEST_ID], "left": [list(one) for one in left]},
        thread_key=short(senders[0].email) if senders else "",
        original=original,
    )


def read(account: Account, raw: Json) -> Sequence[Heard]:
    """Read one letter; raises `Unreadable` for one of nobody, or whose bytes are gone."""
    original = raw.get("original")
    if not isinstance(original, bytes) or not original.strip():
        raise Unreadable(_("The letter is no longer stored."))
    mail = read_mail(original)
    name = hashlib.sha256(original).hexdigest()[:40]
    kind = kind_of(mail, own_name=loop_name(account), own_addresses=own_addresses(account))
    if kind is Kind.LOOP or is_own_id(mail.message_id, key=key()):
        return [Ignored(name, "loop")]
    if kind is Kind.BOUNCE:
        return [_bounced(mail, name)]
    if not mail.sender.email:
        raise Unreadable(_("It does not say who it is from."))
    return [_wrote(account, mail, name, kind, raw)]


def _bounced(mail: Mail, name: str) -> Heard:
    bounce = bounce_of(mail)
    if bounce is None or bounce.delayed or not is_own_id(bounce.message_id, key=key()):
        return Ignored(name, "delayed" if bounce is not None and bounce.delayed else "bounce")
    words = [", ".join(bounce.recipients), bounce.status, bounce.reason]
    return Undelivered(name, bounce.message_id, " · ".join(word for word in words if word))


def _wrote(account: Account, mail: Mail, name: str, kind: Kind, raw: Json) -> Wrote:
    found = dmarc_of(mail, trusted=str(account.settings.get("authserv_id") or ""))
    address, forged = mail.sender.email, found is Dmarc.FAIL
    answers = tuple(named(one) for one in (*mail.in_reply_to, *reversed(mail.references)))
    ticket = ticket_claimed(addresses=_came_to(mail), answers=answers, key=key())
    automatic = kind is Kind.AUTO_REPLY
    return Wrote(
        vendor_id=named(mail.message_id) or f"{name}@",
        place=Place(short(address)),
        speaker=Speaker(
            vendor_id=f"{UNPROVEN if forged else ''}{address}",
            name=_fit(mail.sender.name),
            email=address if is_email(address) and not forged else "",
        ),
        body=_body(mail, is_answer=bool(answers) or ticket is not None),
        files=_files(mail, raw),
        addressed=not automatic,
        subject=_fit(mail.subject),
        letter=Letter(
            ticket=ticket,
            answers=tuple(dict.fromkeys(answers)),
            copies=_copies(account, mail),
            automatic=automatic,
            answerable=may_be_answered_by_machine(mail) and not forged,
            forged=forged,
            proven=found is Dmarc.PASS,
        ),
    )


def named(message_id: str) -> str:
    """Give an id short enough to be looked up by."""
    return message_id if len(message_id) <= LONGEST_ID else f"{hashlib.sha256(message_id.encode()).hexdigest()[:40]}@long"


def _came_to(mail: Mail) -> list[str]:
    values = [value for name in _ARRIVED_AT for value in headers.all_raw(mail.head, name)]
    return [address.email for address in headers.addresses(values)]


def _body(mail: Mail, *, is_answer: bool) -> str:
    # Of a first letter nothing is taken off: what looks like a quote there is what they want to show.
    body = _fit((trim_reply(mail.text).text if is_answer else "") or mail.text)
    if not body.strip() and not is_answer and not any(part.data for part in mail.files):
        body = _fit(mail.subject)
    if len(body) > LONGEST_BODY:
        rest = _("[The rest is in the original.]")
        body = f"{body[:LONGEST_BODY]}\n\n{rest}"
    return body


def _fit(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _files(mail: Mail, raw: Json) -> tuple[RemoteFile, ...]:
    # What is drawn within the text, such as a logo, comes last: where there is too much, it is left out first.
    parts = sorted((part for part in mail.files if part.data), key=_is_drawn)
    came = [RemoteFile(part.number, _fit(part.name), len(part.data), part.data) for part in parts]
    left = [RemoteFile(f"left:{place}", _fit(str(name)), int(size)) for place, (name, size) in enumerate(raw.get("left") or ())]
    return (*came, *left)


def _is_drawn(part: Part) -> bool:
    return bool(part.content_id) and part.media_type.startswith("image/")


def _copies(account: Account, mail: Mail) -> tuple[Speaker, ...]:
    own = own_addresses(account)
    others = [
        one
        for one in (*mail.to, *mail.cc)
        if is_email(one.email)
        and one.email not in own
        and one.email != mail.sender.email
        and not writes_as_machine(one.email)
        and ticket_claimed(addresses=[one.email], answers=(), key=key()) is None
    ]
    people = {one.email: Speaker(one.email, _fit(one.name), one.email) for one in others}
    return tuple(people.values())[:MOST_COPIES]
