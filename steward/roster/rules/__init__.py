"""The roster's arithmetic: business time, the shape of calendars and of shifts. Pure; imports `core` only."""
