"""What a channel of Slack is asked for."""

from django.utils.translation import gettext_lazy as _

from steward.channels.asked import OF_CHATS
from steward.channels.rules.asked import Setting

ASKED = (
    Setting(
        "mode",
        _("How events come"),
        _("By a connection this desk keeps open, which needs no public address, or by calls of the vendor."),
        form="choice",
        choices=(("socket", _("By a connection")), ("http", _("By calls of the vendor"))),
        usual="socket",
    ),
    Setting("team_id", _("ID of the workspace"), _("Begins with T; what comes from another one is refused. Empty takes any.")),
    Setting(
        "bot_user_id", _("User ID of the bot"), _("Begins with U; checking the channel tells it. By it the desk knows itself.")
    ),
    Setting("ticket_reaction", _("Reaction that makes a ticket"), _("The name of an emoji, such as ticket."), usual="ticket"),
    Setting("api_url", _("Address of the API"), form="address", usual="https://slack.com/api"),
    *OF_CHATS,
    Setting("bot_token", _("Bot token"), _("Begins with xoxb-; from OAuth & Permissions."), is_secret=True, is_needed=True),
    Setting("app_token", _("App-level token"), _("Begins with xapp-; for the connection."), is_secret=True),
    Setting("signing_secret", _("Signing secret"), _("For calls of the vendor; from Basic Information."), is_secret=True),
)
