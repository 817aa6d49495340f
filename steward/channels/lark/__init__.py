"""Lark and Feishu: a long connection by default, or requests of the vendor; what goes out goes by the open platform's API."""
