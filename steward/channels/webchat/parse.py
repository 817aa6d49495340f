"""Reading what a page posts."""

from collections.abc import Mapping, Sequence

from django.core.files.base import File

from steward.channels.said import Said


def said_from(post: Mapping[str, str], uploads: "Sequence[File[bytes]]", *, ticket_id: int | None = None) -> Said:
    """Read a form as what was said; a field that is missing is empty, one that is unknown is left alone."""
    return Said(
        body=post.get("body", ""),
        subject=post.get("subject", ""),
        category=post.get("category", ""),
        client_token=post.get("client_token", ""),
        ticket_id=ticket_id,
        uploads=uploads,
    )
