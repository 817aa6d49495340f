"""What each column of text of roster holds; a test fails for one that is missing here."""

from steward.core.personal import Holds

PERSONAL: dict[str, Holds] = {
    "Shift.time_zone": Holds.CODE,
    "Shift.note": Holds.PERSON,
    "BusinessCalendar.name": Holds.DESK,
    "CalendarVersion.time_zone": Holds.CODE,
    "CalendarVersion.slots": Holds.CODE,
    "CalendarVersion.holidays": Holds.DESK,
}
