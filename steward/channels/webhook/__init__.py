"""The way out to webhooks: one call over HTTP, to the very address that was checked."""
