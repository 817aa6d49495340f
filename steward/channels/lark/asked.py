"""What a channel of Lark or Feishu is asked for."""

from django.utils.translation import gettext_lazy as _

from steward.channels.asked import OF_CHATS
from steward.channels.rules.asked import Setting

ASKED = (
    Setting("app_id", _("App ID"), _("Begins with cli_; from the developer console."), is_needed=True),
    Setting(
        "domain",
        _("Platform"),
        _("feishu, lark, or the address of an installation of your own."),
        usual="feishu",
    ),
    Setting(
        "mode",
        _("How events come"),
        _("By a connection this desk keeps open, which needs no public address, or by calls of the vendor."),
        form="choice",
        choices=(("connection", _("By a connection")), ("webhook", _("By calls of the vendor"))),
        usual="connection",
    ),
    Setting("bot_open_id", _("Open ID of the bot"), _("By it the desk knows that it is named; checking the channel tells it.")),
    Setting("ticket_reaction", _("Reaction that makes a ticket"), _("Lark has no ticket among its reactions."), usual="Pin"),
    *OF_CHATS,
    Setting("app_secret", _("App secret"), is_secret=True, is_needed=True),
    Setting("encrypt_key", _("Encrypt key"), _("For calls of the vendor: everything must be sealed with it."), is_secret=True),
    Setting("verification_token", _("Verification token"), _("For calls of the vendor."), is_secret=True),
)
