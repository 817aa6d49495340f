"""Writing letters: plain words and the same as simple HTML, with everything by which an answer finds its way back."""

import html
import re
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from django.utils import translation
from django.utils.translation import gettext as _

from steward.channels.contract import Account, Cover, Enclosed, Parcel, Refused, Speaker
from steward.channels.email.addressing import message_id, notice_id, reply_address
from steward.channels.email.classifying import LOOP_HEADER, writes_as_machine
from steward.channels.email.letters import UNPROVEN
from steward.channels.email.mailbox import address_of, host_of, key, loop_name
from steward.core import clock
from steward.core.text import one_line

LONGEST_SUBJECT = 200
MOST_REFERENCES = 20
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
_ID = re.compile(r"[^\s<>]+@[^\s<>]*")


def compose(account: Account, parcel: Parcel) -> tuple[EmailMessage, list[str]]:
    """Write a letter and say whom it is handed to; raises `Refused` where there is nobody to write to."""
    cover = parcel.cover
    if cover is None:
        raise Refused(_("There is no address to write to."))
    to, copies = _people(cover.to), _people(cover.copies)
    if not to:
        raise Refused(_("There is no address to write to."))
    if cover.automatic and all(writes_as_machine(one.addr_spec) for one in to):
        raise Refused(_("Nobody reads what is sent to this address; nothing is sent there automatically."))
    letter = EmailMessage(policy=SMTP)
    with translation.override(cover.language or None):
        _head(letter, account, parcel, cover)
        letter["To"] = to
        if copies:
            letter["Cc"] = copies
        words = _words(parcel, cover)
    letter.set_content(words, cte="base64" if not words.isascii() else None)
    letter.add_alternative(_as_html(words), subtype="html", cte="base64" if not words.isascii() else "quoted-printable")
    for file in parcel.files:
        _enclose(letter, file)
    return letter, [one.addr_spec for one in (*to, *copies)]


def id_of(account: Account, parcel: Parcel) -> str:
    """Give the id a parcel goes out under: the same each time it is tried, so that mail programs show one."""
    ticket, message = parcel.about.get("ticket"), parcel.about.get("message")
    if isinstance(ticket, int) and isinstance(message, int):
        return message_id(ticket=ticket, message=message, host=host_of(account), key=key())
    return notice_id(f"{account.channel_id}:{parcel.key}", host=host_of(account), key=key())


def _head(letter: EmailMessage, account: Account, parcel: Parcel, cover: Cover) -> None:
    own, own_id = address_of(account), id_of(account, parcel)
    desk = _line(str(account.settings.get("from_name") or account.name))
    author = _line(parcel.author)
    name = _("%(name)s via %(desk)s") % {"name": author, "desk": desk} if author else desk
    letter["From"] = _address(name, own)
    letter["Subject"] = _subject(cover)
    letter["Date"] = formatdate(clock.now().timestamp())
    letter["Message-ID"] = f"<{own_id}>"
    if cover.ticket is not None and account.settings.get("plus_addresses", True):
        letter["Reply-To"] = _address(desk, reply_address(own, ticket=cover.ticket, key=key()))
    answered = [one for one in cover.thread if _ID.fullmatch(one) and one != own_id]
    if answered:
        letter["In-Reply-To"] = f"<{answered[-1]}>"
        letter["References"] = " ".join(f"<{one}>" for one in dict.fromkeys([answered[0], *answered[-MOST_REFERENCES:]]))
    if cover.automatic:
        letter["Auto-Submitted"] = "auto-generated"
        letter["X-Auto-Response-Suppress"] = "All"
    letter[LOOP_HEADER] = loop_name(account)


def _subject(cover: Cover) -> str:
    subject = _line(cover.subject, LONGEST_SUBJECT) or _("Your message")
    number = f" [#{cover.ticket}]" if cover.ticket is not None else ""
    said = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    return f"{said}{number}"


def _words(parcel: Parcel, cover: Cover) -> str:
    parts = [parcel.text.strip()]
    if parcel.answers:
        # Nothing can be tapped in a letter: the answer is a word, or given where the link leads.
        parts.append(_("Answer with one of these words:"))
        bare = all(value == label for value, label in parcel.answers)
        parts.append((", " if bare else "\n").join(value if bare else f"{value} – {label}" for value, label in parcel.answers))
        if cover.link:
            parts.append(_("Or answer here: %(link)s") % {"link": cover.link})
    if cover.left_out:
        named = ", ".join(_line(name) for name in cover.left_out)
        parts.append(_("Too large to be sent along: %(files)s. You find it here: %(link)s") % {"files": named, "link": cover.link})
    return "\n\n".join(part for part in parts if part) + "\n"


def _as_html(words: str) -> str:
    def linked(text: str) -> str:
        pieces, last = [], 0
        for found in _LINK.finditer(text):
            link = html.escape(found.group())
            pieces += [html.escape(text[last : found.start()]), f'<a href="{link}">{link}</a>']
            last = found.end()
        return "".join([*pieces, html.escape(text[last:])])

    paragraphs = [linked(one).replace("\n", "<br>\n") for one in words.strip("\n").split("\n\n")]
    return "<!DOCTYPE html>\n<html><body>\n" + "\n".join(f"<p>{one}</p>" for one in paragraphs) + "\n</body></html>\n"


def _enclose(letter: EmailMessage, file: Enclosed) -> None:
    # What would be read as part of the letter itself goes along as bytes.
    known = _TYPE.fullmatch(file.media_type) and not file.media_type.startswith(("message/", "multipart/"))
    kind, _slash, sub = (file.media_type if known else "application/octet-stream").partition("/")
    letter.add_attachment(file.content, maintype=kind, subtype=sub, filename=_line(file.name) or "file")


def _people(speakers: Sequence[Speaker]) -> list[Address]:
    found = (_address(_line(one.name), _address_of(one)) for one in speakers)
    return list({one.addr_spec.lower(): one for one in found if one is not None}.values())


def _address_of(speaker: Speaker) -> str:
    known = speaker.vendor_id.removeprefix(UNPROVEN)
    return known if "@" in known else speaker.email


def _address(name: str, address: str) -> Address | None:
    local, _at, host = address.rpartition("@")
    try:
        return Address(name if "@" not in name else "", username=local, domain=host) if local and host else None
    except (ValueError, IndexError):
        return None


def _line(text: str, most: int = 120) -> str:
    shown = "".join(character for character in one_line(text, max_length=most) if character.isprintable())
    return shown.encode("utf-8", "replace").decode()
