"""The keys of the box one writes in; the box answers them itself."""

from django.utils.translation import gettext_lazy as _

from steward.web.shared.commands import Command, Place, behavior, by_itself, register

WRITING = (Place.COMPOSER,)

register(
    Command("held.back", _("Take the last reply back"), behavior("held.back"), "undo-2", ("Shift+Z",), words=_("undo send cancel")),
    Command(
        "composer.send_and_set",
        _("Send and set the status, as the last time"),
        by_itself(),
        keys=("Mod+Shift+Enter",),
        places=WRITING,
        in_palette=False,
    ),
    Command(
        "composer.send_and_next",
        _("Send and open the next ticket"),
        by_itself(),
        keys=("Alt+Enter",),
        places=WRITING,
        in_palette=False,
    ),
)
