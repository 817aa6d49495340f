"""Matrix, as an application service: the homeserver brings events and sends again what was not acknowledged."""
