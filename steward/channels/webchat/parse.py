"""Reading what a page posts."""

from collections.abc import Sequence

from django.core.files.base import File
from django.http import QueryDict

from steward.channels.said import Said

MOST_FIELDS = 500


def said_from(post: QueryDict, uploads: "Sequence[File[bytes]]", *, ticket_id: int | None = None, asks: bool = False) -> Said:
    """Read a form as what was said; a field that is missing is empty, one that is unknown is left alone.

    `asks` says that the form showed the desk's own fields.
    """
    return Said(
        body=post.get("body", ""),
        subject=post.get("subject", ""),
        category=post.get("category", ""),
        client_token=post.get("client_token", ""),
        ticket_id=ticket_id,
        uploads=uploads,
        fields=_fields(post) if asks else None,
    )


def _fields(post: QueryDict) -> dict[str, list[str]]:
    names = [name for name in post if name.startswith("field-")][:MOST_FIELDS]
    return {name.removeprefix("field-"): post.getlist(name) for name in names}
