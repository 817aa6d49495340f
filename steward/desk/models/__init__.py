"""The tables of the desk; Django finds them by this list."""

from steward.desk.models.automation import Automation, AutomationRun, AutomationVersion, DryRun
from steward.desk.models.bulk import BulkRow, BulkRun
from steward.desk.models.care import CareLimits, CarePreference, Exposure, ExposureAllowance, MediaView
from steward.desk.models.conversation import Attachment, Conversation, Message, MessageRevision, Question
from steward.desk.models.custom_field import CustomField, FieldCategory, FieldOption, TicketFields
from steward.desk.models.draft import Draft, DraftCopy, HeldReply, HoldTime, PendingFile
from steward.desk.models.follow_up import FollowUp, Timer
from steward.desk.models.handling import Handling, HandlingCorrection
from steward.desk.models.handover import HandedTicket, Handover, HandoverReading
from steward.desk.models.load import AgentSetting, Weight
from steward.desk.models.queue import Category, Queue, QueueAccess, Status, Tag
from steward.desk.models.search import TicketCount, TicketSearch
from steward.desk.models.shared import Macro, MacroRun, MacroVersion, SavedReply, SavedReplyText
from steward.desk.models.snooze import Snooze
from steward.desk.models.structure import Mention, Merge, Watcher
from steward.desk.models.ticket import Link, Ticket, TicketTag
from steward.desk.models.view import SavedView, ViewChoice

__all__ = [
    "AgentSetting",
    "Attachment",
    "Automation",
    "AutomationRun",
    "AutomationVersion",
    "BulkRow",
    "BulkRun",
    "CareLimits",
    "CarePreference",
    "Category",
    "Conversation",
    "CustomField",
    "Draft",
    "DraftCopy",
    "DryRun",
    "Exposure",
    "ExposureAllowance",
    "FieldCategory",
    "FieldOption",
    "FollowUp",
    "HandedTicket",
    "Handling",
    "HandlingCorrection",
    "Handover",
    "HandoverReading",
    "HeldReply",
    "HoldTime",
    "Link",
    "Macro",
    "MacroRun",
    "MacroVersion",
    "MediaView",
    "Mention",
    "Merge",
    "Message",
    "MessageRevision",
    "PendingFile",
    "Question",
    "Queue",
    "QueueAccess",
    "SavedReply",
    "SavedReplyText",
    "SavedView",
    "Snooze",
    "Status",
    "Tag",
    "Ticket",
    "TicketCount",
    "TicketFields",
    "TicketSearch",
    "TicketTag",
    "Timer",
    "ViewChoice",
    "Watcher",
    "Weight",
]
