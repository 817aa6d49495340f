"""What kind of message it is: written by a person, by a machine, by a list, or the report that one of ours did not arrive."""

# ruff: noqa: E501 -- tables of words read best in lines

import hmac
import re
from dataclasses import dataclass
from enum import StrEnum

from steward.channels.email import headers
from steward.channels.email.charsets import to_text
from steward.channels.email.headers import raw_header, split_head
from steward.channels.email.reading import Mail

# Every mail of the desk carries it, with the desk's own name as its value.
LOOP_HEADER = "X-Steward-Loop"
# Servers a message may pass; more is going round.
MOST_HOPS = 50
_MACHINES = re.compile(
    r"(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?|notifications?)(?:[+._-].*)?@", re.IGNORECASE
)
_AUTO_SUBJECT = re.compile(
    r"\s*(?:auto(?:matic)?[ -]?(?:reply|response|antwort)|out of (?:the )?office|automatische antwort|abwesenheit\w*:?|réponse automatique|"
    r"respuesta automática|resposta automática|risposta automatica|автоответ|自动回复|自動回覆|自動返信|부재중)",
    re.IGNORECASE,
)
_FAILED_LINE = re.compile(
    r"^(?:final|original)-recipient\s*:\s*[\w-]+\s*;\s*<?([^\s<>;]+@[^\s<>;]+?)>?\s*$", re.IGNORECASE | re.MULTILINE
)
_STATUS = re.compile(r"^status\s*:\s*([245])\.(\d{1,3})\.(\d{1,3})", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(r"^action\s*:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
_DIAGNOSTIC = re.compile(
    r"^diagnostic-code[ \t]*+:[ \t]*+(?:[\w-]+[ \t]*;[ \t]*+)?(\S.*(?:\n[ \t].+)*)", re.IGNORECASE | re.MULTILINE
)
_BOUNCE_SUBJECT = re.compile(
    r"\s*(?:undeliver(?:ed|able)|mail delivery (?:failed|failure|subsystem|system)|delivery (?:status notification|failure|has failed)|"
    r"returned mail|failure notice|mail system error|unzustellbar|non remis|退信|系统退信)",
    re.IGNORECASE,
)
_RESULT = re.compile(r"\b(dmarc|spf|dkim)\s*=\s*([a-z]+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")


class Kind(StrEnum):
    """What a message is."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    LOOP = "loop"


class Dmarc(StrEnum):
    """What our own mail server found of the sender; `none` where it said nothing."""

    PASS = "pass"  # noqa: S105 -- the word of the standard
    FAIL = "fail"
    NONE = "none"


@dataclass(frozen=True)
class Bounce:
    """One of our messages did not arrive, or not yet where it is not `permanent` and only delayed."""

    recipients: tuple[str, ...]
    status: str
    permanent: bool
    delayed: bool
    reason: str
    message_id: str


def kind_of(mail: Mail, *, own_name: str = "", own_addresses: frozenset[str] = frozenset()) -> Kind:
    """Tell what a message is; `own_name` is the desk's value of the loop header, `own_addresses` what it writes from."""
    if _is_loop(mail, own_name, own_addresses):
        return Kind.LOOP
    if bounce_of(mail) is not None:
        return Kind.BOUNCE
    if _is_auto_reply(mail):
        return Kind.AUTO_REPLY
    return Kind.LIST if _is_list(mail) else Kind.PERSON


def may_be_answered_by_machine(mail: Mail) -> bool:
    """Tell whether a receipt may be sent back: never to what no person wrote, and never to nobody."""
    return (
        kind_of(mail) is Kind.PERSON
        and bool(mail.sender.email)
        and not writes_as_machine(mail.sender.email)
        and raw_header(mail.head, "Return-Path").strip() != "<>"
        and not raw_header(mail.head, "X-Auto-Response-Suppress")
        and not raw_header(mail.head, LOOP_HEADER)
    )


def writes_as_machine(address: str) -> bool:
    """Tell whether nobody reads what is sent to an address, by its name."""
    return _MACHINES.match(address) is not None


def _is_loop(mail: Mail, own_name: str, own_addresses: frozenset[str]) -> bool:
    said = headers.all_raw(mail.head, LOOP_HEADER)
    if own_name and any(hmac.compare_digest(value.encode(), own_name.encode()) for value in said):
        return True
    return mail.sender.email in own_addresses or len(headers.all_raw(mail.head, "Received")) > MOST_HOPS


def _is_auto_reply(mail: Mail) -> bool:
    head = mail.head
    submitted = raw_header(head, "Auto-Submitted").lower().split(";")[0].strip()
    if submitted and submitted != "no":
        return True
    if raw_header(head, "X-Autoreply") or raw_header(head, "X-Autorespond") or raw_header(head, "X-Auto-Reply-From"):
        return True
    if raw_header(head, "Precedence").lower() == "auto_reply" or raw_header(head, "Return-Path").strip() == "<>":
        return True
    return _AUTO_SUBJECT.match(mail.subject) is not None


def _is_list(mail: Mail) -> bool:
    named = any(raw_header(mail.head, name) for name in ("List-Id", "List-Post", "List-Unsubscribe", "Mailing-List"))
    return named or raw_header(mail.head, "Precedence").lower() in {"bulk", "list", "junk"}


def bounce_of(mail: Mail) -> Bounce | None:
    """Read the report that a message did not arrive (RFC 3464), or what servers write instead of one; None for anything else."""
    reports = [part for part in mail.parts if part.media_type in {"message/delivery-status", "message/global-delivery-status"}]
    if reports:
        return _reported(mail, "\n\n".join(to_text(part.data).replace("\r\n", "\n") for part in reports))
    from_daemon = (
        mail.sender.email.startswith(("mailer-daemon@", "postmaster@")) or raw_header(mail.head, "Return-Path").strip() == "<>"
    )
    failed = raw_header(mail.head, "X-Failed-Recipients")
    if failed or (from_daemon and _BOUNCE_SUBJECT.match(mail.subject)):
        found = tuple(address.email for address in headers.addresses([failed])) or _first_addresses(mail)
        status = re.search(r"\b([45])\.\d{1,3}\.\d{1,3}\b", mail.text)
        permanent = status is None or status.group(1) == "5"
        return Bounce(found, status.group() if status else "", permanent, False, _reason(mail.text), _original_id(mail))
    return None


def _reported(mail: Mail, report: str) -> Bounce | None:
    actions = {action.lower() for action in _ACTION.findall(report)}
    if actions and actions <= {"delivered", "relayed", "expanded"}:
        return None
    status = _STATUS.search(report)
    diagnostic = _DIAGNOSTIC.search(report)
    return Bounce(
        recipients=tuple(dict.fromkeys(address.lower() for address in _FAILED_LINE.findall(report))),
        status=".".join(status.groups()) if status else "",
        permanent="failed" in actions and (status is None or status.group(1) == "5"),
        delayed="delayed" in actions and "failed" not in actions,
        reason=" ".join(diagnostic.group(1).split())[:300] if diagnostic else "",
        message_id=_original_id(mail),
    )


def _original_id(mail: Mail) -> str:
    """Give the id of the message that did not arrive, from what the report carries of it."""
    for part in mail.parts:
        if part.media_type in {"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"}:
            head, _body = split_head(part.data)
            found = headers.message_ids(headers.all_raw(head, "Message-ID"))
            if found:
                return found[0]
    found = headers.message_ids(re.findall(r"^message-id:\s*(<[^<>\s]+>)", mail.text, re.IGNORECASE | re.MULTILINE))
    return next(iter([*found, *mail.in_reply_to, *mail.references]), "")


def _first_addresses(mail: Mail) -> tuple[str, ...]:
    # A text, not a header: what stands around an address is no name of it.
    return tuple(dict.fromkeys(one.strip(".'").lower() for one in headers.ADDRESS.findall(mail.text[:4_000])))[:5]


def _reason(text: str) -> str:
    said = re.search(r"^.*\b(?:[45]\d\d[ -]|[45]\.\d\.\d).*$", text, re.MULTILINE)
    return said.group().strip()[:300] if said else ""


def dmarc_of(mail: Mail, *, trusted: str) -> Dmarc:
    """Tell what the server named `trusted` found (RFC 8601); what anybody else wrote into the message counts for nothing."""
    if not trusted:
        return Dmarc.NONE
    for value in headers.all_raw(mail.head, "Authentication-Results"):
        said = _COMMENT.sub(" ", value)
        server, _, results = said.partition(";")
        name = server.split()
        if not name or name[0].lower() != trusted.lower():
            continue
        found = {method.lower(): result.lower() for method, result in reversed(_RESULT.findall(results))}
        return {"pass": Dmarc.PASS, "fail": Dmarc.FAIL}.get(found.get("dmarc", ""), Dmarc.NONE)
    return Dmarc.NONE
