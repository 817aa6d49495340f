"""Slack: private chats and threads of channels, over a connection or the vendor's calls."""
