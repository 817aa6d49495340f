"""What each column of text of sla holds; a test fails for one that is missing here."""

from steward.core.personal import Holds

PERSONAL: dict[str, Holds] = {
    "Policy.name": Holds.DESK,
    "PolicyVersion.conditions": Holds.CODE,
    "PolicyVersion.targets": Holds.CODE,
    "PolicyVersion.pause_on": Holds.CODE,
    "Clock.kind": Holds.CODE,
    "Clock.state": Holds.CODE,
    "Clock.reason": Holds.CODE,
    "Interval.reason": Holds.CODE,
}
