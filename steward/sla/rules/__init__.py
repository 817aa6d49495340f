"""The arithmetic of promises: which policy matches, what a clock should be doing, when it is due. Pure."""
