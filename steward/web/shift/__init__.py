"""One's shift: what is to be done now, breaks, snoozes, the handover at the end, and the time tickets were in hand."""
