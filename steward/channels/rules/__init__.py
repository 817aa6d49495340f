"""The arithmetic of channels: what a raw payload is kept as, when a mail is due, how somebody is named."""
