"""What can be done by key or by name with how a ticket hangs together with others."""

from django.utils.translation import gettext_lazy as _

from steward.web.shared.commands import Command, Place, click, go, register

TICKET = (Place.TICKET,)
WORKS = ("work_tickets", "answer_engineering")

register(
    Command("ticket.merge", _("Merge with another ticket…"), click(), "git-merge", ("Shift+M",), TICKET, WORKS, _("join")),
    Command("ticket.watch", _("Watch, or no longer watch"), click(), "eye", ("w",), TICKET, (), _("follow subscribe")),
    Command("ticket.parts", _("Parts of this ticket…"), click(), "list-tree", (), TICKET, WORKS, _("children whole")),
    Command("ticket.aside", _("Start a side conversation…"), click(), "message-square-share", (), TICKET, WORKS, _("vendor ask")),
    Command("aside.asked", _("Asked of my team"), go("aside:asked"), "messages-square", ("g t",), (Place.EVERYWHERE,), WORKS),
)
