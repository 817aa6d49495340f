"""What a column of text holds, so that erasing a person forgets none: each package says it of its columns in `personal.py`."""

from enum import StrEnum


class Holds(StrEnum):
    """What stands in a column; of what is a person's, the package's `actions` say how it is erased."""

    PERSON = "person"  # words of or about a requester or a user: erasing takes them
    DESK = "desk"  # words of the desk about itself, such as a queue's name: they stay
    CODE = "code"  # codes, ids, hashes, numbers and settings: they stay
