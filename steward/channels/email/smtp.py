"""Handing letters to the mail server, and telling what is to be tried again from what is refused for good."""

import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from django.utils.translation import gettext as _

from steward.channels.contract import Account, Later, Refused
from steward.channels.email.mailbox import address_of, smtp_of

log = logging.getLogger(__name__)

WITHIN = 30.0
_FOR_GOOD = 500
# What is wrong with how the desk signs in is for an admin to mend; until then nothing is lost.
_OF_THE_ACCOUNT = frozenset({530, 534, 535, 538, 454})


def hand_in(account: Account, letter: EmailMessage, whom: list[str]) -> None:
    """Hand a letter in for everybody it is for. Raises `Later`, and `Refused` where the first of them is refused for good."""
    options = [] if all(one.isascii() for one in whom) else ["SMTPUTF8"]
    with open_server(account) as server:
        if options and not server.has_extn("smtputf8"):
            raise Refused(_("The mail server does not know addresses in other scripts."))
        try:
            refused = server.sendmail(address_of(account), whom, letter.as_bytes(), mail_options=options)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(*error.recipients[whom[0]]) from error
        except smtplib.SMTPSenderRefused as error:
            raise _refusal(error.smtp_code, error.smtp_error, of_account=error.smtp_code not in {552, 554}) from error
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
    if whom[0] in refused:
        # The copies have it, and will have it twice: better than the one it is for not at all.
        raise _refusal(*refused[whom[0]])
    for code, _words in refused.values():
        log.warning("channels.email.copy_refused", extra={"channel": account.channel_id, "code": code})


@contextmanager
def open_server(account: Account) -> Iterator[smtplib.SMTP]:
    """Connect, in private where the account says so, and sign in. Raises `Later` with the server's words."""
    where = smtp_of(account)
    if not where.host:
        raise Later(_("No mail server is set up for what goes out: set smtp_host."))
    try:
        server = _connected(where.host, where.port, where.security)
        try:
            if where.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            server.ehlo_or_helo_if_needed()
            if where.user:
                server.login(where.user, str(account.secrets.get("smtp_password", "")))
            yield server
        finally:
            # What was handed in is handed in, however the server says goodbye.
            with suppress(smtplib.SMTPException, OSError, ValueError):
                server.quit()
            server.close()
    except smtplib.SMTPResponseException as error:
        raise Later(_said(error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise Later(f"{type(error).__name__}: {error}") from error


def _connected(host: str, port: int, security: str) -> smtplib.SMTP:
    if security == "ssl":
        return smtplib.SMTP_SSL(host, port, timeout=WITHIN, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=WITHIN)


def _refusal(code: int, words: bytes | str, *, of_account: bool = False) -> Later | Refused:
    if code < _FOR_GOOD or code in _OF_THE_ACCOUNT or of_account:
        return Later(_said(code, words), only_here=not of_account and code not in _OF_THE_ACCOUNT)
    return Refused(_said(code, words))


def _said(code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(f"{code} {said}".split())[:400]
