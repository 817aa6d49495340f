"""What stands in the way of the embedded server, said with the way out."""

from steward.core.errors import DomainError


class ServerRefused(DomainError):
    """The embedded server cannot be started, reached or used as it stands; nothing in the data folder was changed."""

    code = "database_refused"
