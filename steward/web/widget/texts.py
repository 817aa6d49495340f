"""The words of the widget itself, which it must know also while the desk cannot be reached."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TEXTS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "help": _("Help"),
        "open": _("Open the help chat"),
        "news": _("Open the help chat, new answers: {n}"),
        "close": _("Close"),
        "hello": _("Hello! Write what you need: a sentence is enough."),
        "hello_name": _("Hello {name}! Write what you need: a sentence is enough."),
        "log": _("Conversation"),
        "message": _("Your message"),
        "write": _("Write a message…"),
        "send": _("Send"),
        "attach": _("Attach files"),
        "remove": _("Remove {name}"),
        "you": _("You"),
        "new": _("New request"),
        "all": _("All conversations"),
        "back": _("Back"),
        "earlier": _("Show earlier messages"),
        "more": _("Say more, if you like"),
        "rate": _("Send rating"),
        "rated": _("How did we do?"),
        "fixed": _("Is it fixed for you?"),
        "waits": _("Waits to be sent"),
        "offline": _("The desk cannot be reached. What you write is kept here and sent once, as soon as it is back."),
        "kept_files": _("Files are kept while this page stays open."),
        "lost_files": _("The files of this message were not kept. Attach them again."),
        "back_again": _("Connected again."),
        "sent": pgettext_lazy("message", "Sent."),
        "answer": _("New answer"),
        "asking": _("One moment…"),
        "no_token": _("This page does not say who you are."),
        "no_token_hint": _("Sign in on this page, or tell whoever runs it."),
        "again": _("Try again"),
        "not_sent": _("Not sent"),
        "discard": _("Discard"),
        "too_large": _("{name} is too large: {most} MB at most."),
        "too_many": _("At most {most} files at once."),
        "empty": _("Write something first."),
        "download": _("Download"),
        "where": _("Where it stands"),
        "step": _("Step {n} of {of}: {name}"),
        "file_gone": _("The file could not be fetched. Try again."),
        "keys": _("Enter sends, Shift Enter begins a new line."),
    }
)
