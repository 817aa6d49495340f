"""What a channel of e-mail is asked for."""

from django.utils.translation import gettext_lazy as _

from steward.channels.rules.asked import Setting

_SECURITY = (("ssl", _("TLS from the start")), ("starttls", _("STARTTLS")), ("none", _("None: on this machine only")))
ASKED = (
    Setting("address", _("Address"), _("The one people write to, such as help@example.org."), is_needed=True),
    Setting("aliases", _("Other addresses that lead here"), _("With commas between them.")),
    Setting("from_name", _("Name of the desk in its letters"), _("The channel's name unless set.")),
    Setting(
        "imap_host", _("IMAP server"), _("Where letters are fetched. Empty where a mail server brings them by steward mail-in.")
    ),
    Setting("imap_security", _("IMAP: encryption"), form="choice", choices=_SECURITY, usual="ssl"),
    Setting("imap_port", _("IMAP: port"), _("993 for TLS, else 143, unless set."), form="number"),
    Setting("imap_user", _("IMAP: user")),
    Setting("folder", _("IMAP: folder"), usual="INBOX"),
    Setting("smtp_host", _("SMTP server"), _("Where answers are handed in.")),
    Setting("smtp_security", _("SMTP: encryption"), form="choice", choices=_SECURITY, usual="ssl"),
    Setting("smtp_port", _("SMTP: port"), _("465 for TLS, 587 for STARTTLS, else 25, unless set."), form="number"),
    Setting("smtp_user", _("SMTP: user"), _("Empty where the server wants none.")),
    Setting(
        "authserv_id",
        _("Name of your mail server in Authentication-Results"),
        _("Only its word on who a letter is from is believed; without it nobody is checked."),
    ),
    Setting(
        "plus_addresses",
        _("Answers may go to help+…@"),
        _("Switch off where your mail server refuses such addresses."),
        form="yes",
        usual=True,
    ),
    Setting("imap_password", _("IMAP: password"), is_secret=True),
    Setting("smtp_password", _("SMTP: password"), is_secret=True),
)
