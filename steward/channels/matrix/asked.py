"""What a channel of Matrix is asked for."""

from django.utils.translation import gettext_lazy as _

from steward.channels.asked import OF_CHATS
from steward.channels.rules.asked import Setting

ASKED = (
    Setting("homeserver_url", _("Address of the homeserver"), _("Where this desk reaches it."), form="address", is_needed=True),
    Setting("server_name", _("Name of the server"), _("What stands behind the colon of its addresses."), is_needed=True),
    Setting("bot", _("Local part of the desk's user"), _("As in sender_localpart of the registration file."), usual="steward"),
    *OF_CHATS,
    Setting("as_token", _("Token of the desk (as_token)"), is_secret=True, is_needed=True),
    Setting("hs_token", _("Token of the homeserver (hs_token)"), is_secret=True, is_needed=True),
)
