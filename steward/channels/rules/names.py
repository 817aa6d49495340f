"""How people are named to each other."""


def first_name(name: str) -> str:
    """Give the name by which a requester knows an agent."""
    return name.split(maxsplit=1)[0] if name.split() else ""
