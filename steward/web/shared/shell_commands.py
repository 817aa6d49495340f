"""The commands that every page of the desk has."""

from django.utils.translation import gettext_lazy as _

from steward.web.shared.commands import Command, Place, behavior, by_itself, click, go

YOU = _("You")

COMMANDS = (
    Command("palette", _("Search and commands"), behavior("palette"), "search", ("Mod+k",), in_palette=False),
    Command("search", _("Search"), behavior("search"), "search", ("/",), in_palette=False),
    Command("sheet", _("Keyboard shortcuts"), behavior("sheet"), "keyboard", ("?",), words=_("keys help")),
    Command("list.next", _("Next row"), behavior("list.next"), keys=("j",), places=(Place.LIST,), in_palette=False),
    Command("list.previous", _("Previous row"), behavior("list.previous"), keys=("k",), places=(Place.LIST,), in_palette=False),
    Command("list.open", _("Open the row"), behavior("list.open"), keys=("o", "Enter"), places=(Place.LIST,), in_palette=False),
    Command("list.select", _("Select the row"), behavior("list.select"), keys=("x",), places=(Place.LIST,), in_palette=False),
    Command(
        "composer.send", _("Send what is written"), by_itself(), keys=("Mod+Enter",), places=(Place.COMPOSER,), in_palette=False
    ),
    Command(
        "composer.leave",
        _("Leave the box, text and all"),
        behavior("composer.leave"),
        keys=("Escape",),
        places=(Place.COMPOSER,),
        in_palette=False,
    ),
    Command(
        "look.system",
        _("Look: as the device"),
        click("[data-theme-choice=system]"),
        "monitor",
        words=_("theme dark light"),
        group=YOU,
    ),
    Command("look.light", _("Look: light"), click("[data-theme-choice=light]"), "sun", words=_("theme bright"), group=YOU),
    Command("look.dark", _("Look: dark"), click("[data-theme-choice=dark]"), "moon", words=_("theme night"), group=YOU),
    Command("look.contrast", _("Look: high contrast"), behavior("contrast"), "contrast", words=_("theme accessibility"), group=YOU),
    Command("account", _("Your account"), go("account:page"), "user-round", words=_("profile language zone"), group=YOU),
    Command("sign_out", _("Sign out"), click("[form=sign-out]"), "log-out", words=_("leave"), group=YOU),
)
