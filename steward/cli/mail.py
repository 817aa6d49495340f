"""`steward mail parse` and `steward mail trim`: what the desk would make of a message. Pure tools: no server, no configuration."""

import codecs
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from steward.core.errors import Invalid

if TYPE_CHECKING:
    from steward.channels.email.reading import Mail

LARGEST = 200 * 1024 * 1024
# As much tells text from what is none.
LOOKED_AT = 8_000

_File = Annotated[str, typer.Argument(metavar="FILE", help="The raw message (.eml), or - for standard input.")]
_TextFile = Annotated[str, typer.Argument(metavar="FILE", help="The text of a reply, or - for standard input.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def parse(file: _File, as_json: _Json = False) -> None:
    """Show what the desk reads in a raw message: who, what, its files, what kind of message it is, and what was odd about it."""
    from steward.channels.email.reading import read_mail  # noqa: PLC0415 -- slow import

    told = told_of(read_mail(read_file(file)))
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for name in ("kind", "from", "to", "subject", "date", "message_id"):
        value = told[name]
        typer.echo(f"{name.replace('_', '-'):<12}{value if isinstance(value, str) else ', '.join(map(_shown, value))}")
    typer.echo(f"\n{told['reply']}\n")
    for part in told["files"]:
        typer.echo(f"file        {part['name']} ({part['type']}, {part['size']:,} bytes)")
    for note in told["notes"]:
        typer.echo(f"note        {note}", err=True)


def trim(file: _TextFile, as_json: _Json = False) -> None:
    """Show what the writer of a reply wrote, without the quotes, the signature and what their device added."""
    from steward.channels.email.charsets import to_text  # noqa: PLC0415 -- slow import
    from steward.channels.email.trimming import trim_reply  # noqa: PLC0415 -- slow import

    raw = read_file(file)
    if b"\x00" in raw[:LOOKED_AT] and not raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Invalid(
            f"{_called(file)} is no text.", field="file", hint="Give it the text of a reply; `steward mail parse` reads files."
        )
    trimmed = trim_reply(to_text(raw).replace("\x00", ""))
    if as_json:
        typer.echo(json.dumps({"text": trimmed.text, "hidden": trimmed.hidden}, ensure_ascii=False))
    else:
        typer.echo(trimmed.text)


def read_file(name: str) -> bytes:
    """Read a whole file, or standard input for `-`.

    Raises `Invalid` for a folder, nothing at all, or far too much, and `OSError` where the file cannot be opened.
    """
    raw = _standard_input() if name == "-" else _opened(name)
    if len(raw) > LARGEST:
        raise Invalid(
            f"{_called(name)} has more than {LARGEST // 1024 // 1024} MB.",
            field="file",
            hint="No mail server takes such a message.",
        )
    if not raw.strip():
        raise Invalid(f"{_called(name)} is empty.", field="file", hint="Give it a message.")
    return raw


def _standard_input() -> bytes:
    # Closed by whoever started the command, it is not there at all.
    if not sys.stdin:
        raise Invalid("There is no standard input.", field="file", hint="Name a file, or lead one in.")
    try:
        return sys.stdin.buffer.read(LARGEST + 1)
    except OSError as error:
        raise Invalid(
            f"Standard input cannot be read: {error.strerror}.", field="file", hint="Name a file, or lead one in."
        ) from error


def _opened(name: str) -> bytes:
    if not name.strip():
        raise Invalid("The name of the file is empty.", field="file", hint="Name one file, or - for standard input.")
    path = Path(name)
    if path.is_dir():
        raise Invalid(f"{name} is a folder.", field="file", hint="Name one file, or - for standard input.")
    with path.open("rb") as opened:
        return opened.read(LARGEST + 1)


def _called(name: str) -> str:
    return "Standard input" if name == "-" else name


def told_of(mail: "Mail") -> dict[str, Any]:
    """Tell everything the desk reads in a message, fit for JSON."""
    from steward.channels.email import classifying  # noqa: PLC0415 -- slow import
    from steward.channels.email.html import clean_html, has_remote_images  # noqa: PLC0415 -- slow import
    from steward.channels.email.trimming import trim_reply  # noqa: PLC0415 -- slow import

    trimmed = trim_reply(mail.text)
    bounce = classifying.bounce_of(mail)
    told = {
        "kind": classifying.kind_of(mail).value,
        "from": [vars(address) for address in mail.senders],
        "reply_to": [vars(address) for address in mail.reply_to],
        "to": [vars(address) for address in mail.to],
        "cc": [vars(address) for address in mail.cc],
        "subject": mail.subject,
        "date": mail.sent_at.isoformat() if mail.sent_at else "",
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "reply": trimmed.text or mail.text,
        "hidden": trimmed.hidden if trimmed.text else "",
        "text": mail.text,
        "html": clean_html(mail.html) if mail.html else "",
        "remote_images": has_remote_images(mail.html) if mail.html else False,
        "files": [
            {"part": part.number, "name": part.name, "type": part.media_type, "size": len(part.data), "content_id": part.content_id}
            for part in mail.files
        ],
        "bounce": vars(bounce) if bounce else None,
        "may_be_answered_by_machine": classifying.may_be_answered_by_machine(mail),
        "notes": list(mail.notes),
    }
    printable: dict[str, Any] = _printable(told)
    return printable


def _printable(value: Any) -> Any:
    """Show half a character, which no output takes, as the mark for it."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _printable(inner) for key, inner in value.items()}
    return [_printable(inner) for inner in value] if isinstance(value, list | tuple) else value


def _shown(address: dict[str, str]) -> str:
    return f"{address['name']} <{address['email']}>" if address["name"] else address["email"]
