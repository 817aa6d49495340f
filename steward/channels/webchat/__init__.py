"""The channels that are pages of this desk: the portal and the web chat."""
