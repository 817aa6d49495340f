"""What every channel of chats is asked for, beside what its vendor needs."""

from django.utils.translation import gettext_lazy as _

from steward.channels.rules.asked import Setting

OF_CHATS = (
    Setting(
        "bot_name",
        _("Name of the desk there"),
        _("Whoever writes this name speaks to the desk, also where the vendor has no mentions."),
        usual="Steward",
    ),
    Setting(
        "quiet_seconds",
        _("Pause that ends a question"),
        _("In seconds. What is written within it becomes one message; three times as long at most."),
        form="number",
        usual=30,
    ),
    Setting(
        "triage_chat_id",
        _("Chat of the agents"),
        _("The vendor's id of a room in which agents work: each ticket is a thread there. Empty for none."),
    ),
    Setting("triage_all", _("Show the tickets of other channels there too"), form="yes", usual=False),
)
