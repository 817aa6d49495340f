"""What the clocks listen to, by name: the subscriber, and the facts that can move a clock."""

from steward.core.facts import Fact
from steward.desk.facts import structure
from steward.desk.facts import ticket as desk

SUBSCRIBER = "sla.clocks"

# Facts after which clocks do what the story asks for.
MOVING: tuple[type[Fact], ...] = (
    desk.TicketOpened,
    desk.MessageReceived,
    desk.ReplySent,
    desk.StatusChanged,
    desk.TicketReopened,
    structure.TicketsMerged,
    structure.MessageMoved,
)
# Facts that change what policies look at.
REMATCHING: tuple[type[Fact], ...] = (desk.TicketTransferred, desk.PriorityChanged, desk.CategoryChanged)

FOLLOWED = [fact.kind for fact in (*MOVING, *REMATCHING)]
