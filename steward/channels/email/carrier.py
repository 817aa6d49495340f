"""The adapter of e-mail."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from steward.channels.contract import (
    Account,
    Answer,
    Arrival,
    Call,
    Forged,
    Heard,
    Json,
    Later,
    Line,
    Parcel,
    Place,
    Refused,
    RemoteFile,
    Speaker,
    Traits,
    Wrote,
)
from steward.channels.email.asked import ASKED
from steward.channels.email.letters import read
from steward.channels.email.mailbox import address_of, imap_of, smtp_of


class Email:
    """Letters are fetched by IMAP or brought by a mail server's pipe; what goes out is handed to a mail server."""

    traits = Traits(account_per_second=20, chat_per_second=5, letters=True, most_bytes=18 * 1024 * 1024)
    asked = ASKED

    def answer(self, account: Account, call: Call) -> Answer:  # noqa: ARG002 -- every adapter is asked alike
        """Refuse whatever calls: letters come by no request."""
        raise Forged(_("E-mail is not brought by calls."))

    def read(self, account: Account, raw: Json) -> Sequence[Heard]:
        """Read one letter."""
        return read(account, raw)

    def profile(self, account: Account, speaker: Speaker) -> Speaker:  # noqa: ARG002 -- as above
        """Give them as their letter names them; there is nobody to ask."""
        return speaker

    def fetch(self, account: Account, file: RemoteFile, *, most: int) -> bytes:  # noqa: ARG002 -- as above
        """Refuse what was left on the mail server; everything else came along."""
        size = _("it has %(size)s MB and was left on the mail server") % {"size": round(file.size / 1e6, 1)}
        raise Refused(size)

    def history(self, account: Account, place: Place, vendor_id: str) -> Sequence[Wrote]:  # noqa: ARG002 -- as above
        """Give nothing: a letter stands alone."""
        return ()

    def carry(self, account: Account, parcel: Parcel) -> str:
        """Write a letter and hand it in; what is tried again has the id it had."""
        from steward.channels.email import smtp, writing  # noqa: PLC0415 -- weighs something in a web process that needs none

        if parcel.kind != "text":
            raise Refused(_("E-mail carries letters alone."))
        letter, whom = writing.compose(account, parcel)
        smtp.hand_in(account, letter, whom)
        return writing.id_of(account, parcel)

    def catch_up(self, account: Account, cursor: str) -> tuple[Sequence[Arrival], str]:
        """Ask the mail server for a sign of life; what arrives is fetched by who listens."""
        from steward.channels.email import smtp  # noqa: PLC0415 -- as above

        if smtp_of(account).host:
            with smtp.open_server(account) as server:
                server.noop()
        return (), cursor

    def check(self, account: Account) -> str:
        """Say whether both servers let the desk in, and the folder is there."""
        from steward.channels.email import imap, smtp  # noqa: PLC0415 -- as above

        if "@" not in address_of(account):
            return _("Set address to the address people write to.")
        try:
            with smtp.open_server(account) as server:
                server.noop()
            if imap_of(account).host:
                with imap.open_mailbox(account) as mailbox:
                    mailbox.select_folder(imap.folder_of(account), readonly=True)
        except (Later, Refused) as error:
            return str(error)
        return ""

    def listens(self, account: Account) -> bool:
        """Tell whether letters are fetched: where a server for it is named."""
        return bool(imap_of(account).host)

    def listen(self, account: Account, line: Line) -> None:
        """Stay at the mailbox. Raises `Later`."""
        from steward.channels.email import imap  # noqa: PLC0415 -- as above

        imap.stay(account, line)
