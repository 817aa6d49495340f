"""What can be done by key or by name with a ticket, or with the rows of a list."""

from django.utils.translation import gettext_lazy as _

from steward.web.shared.commands import Command, Place, by_itself, click, register, step
from steward.web.shared.labels import ACTION_ICONS

TICKET = (Place.TICKET,)
# Choosing a value works alike for the ticket that is open and for the rows of a list.
BOTH = (Place.TICKET, Place.ROW)
WORKS = ("work_tickets", "answer_engineering")

register(
    Command("ticket.reply", _("Write a reply"), click(), "reply", ("r",), TICKET, WORKS, _("answer")),
    Command("ticket.note", _("Write an internal note"), click(), "lock", ("n",), TICKET, WORKS, _("comment")),
    Command("ticket.assign", _("Assign to…"), step("assign"), ACTION_ICONS["assign"], ("a",), BOTH, WORKS, _("owner give take")),
    Command(
        "ticket.status", _("Set the status…"), step("status"), "circle-dot", ("s",), BOTH, WORKS, _("pending hold close reopen")
    ),
    Command(
        "ticket.priority", _("Set the priority…"), step("priority"), ACTION_ICONS["priority"], ("p",), BOTH, WORKS, _("urgent")
    ),
    Command("ticket.label", _("Add a label…"), step("tag"), ACTION_ICONS["tag"], ("l",), BOTH, WORKS, _("tag")),
    Command("ticket.category", _("Set the category…"), step("category"), ACTION_ICONS["category"], ("c",), BOTH, WORKS),
    Command(
        "ticket.transfer", _("Move to another queue…"), step("queue"), ACTION_ICONS["transfer"], ("t",), BOTH, WORKS, _("transfer")
    ),
    Command("ticket.solve", _("Solve"), click(), ACTION_ICONS["solve"], ("e",), TICKET, WORKS, _("done resolve")),
    Command("ticket.macro", _("Run a macro…"), click(), "zap", ("m",), TICKET, WORKS, _("several steps at once")),
    Command("composer.saved", _("Insert a saved reply"), by_itself(), "message-square-quote", (":",), (Place.COMPOSER,), WORKS),
    Command("ticket.panel", _("Show or hide the side panel"), click(), ACTION_ICONS["panel"], ("i",), TICKET),
    Command("ticket.back", _("Back to the list"), click(), ACTION_ICONS["back"], ("u",), TICKET),
    Command("ticket.after", _("Next ticket of the list"), click(), "chevron-down", ("Shift+J", "]"), TICKET),
    Command("ticket.before", _("Previous ticket of the list"), click(), "chevron-up", ("Shift+K", "["), TICKET),
)
