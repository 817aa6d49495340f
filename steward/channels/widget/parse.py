"""Reading what the widget posts: what was said, and the page it was said from."""

from collections.abc import Sequence

from django.core.files.base import File
from django.http import QueryDict

from steward.channels.rules.widget_pages import LONGEST_TITLE, LONGEST_VERSION, kept_address, line
from steward.channels.said import Said
from steward.channels.widget_tables import WidgetSite


def said_from(
    post: QueryDict, uploads: "Sequence[File[bytes]]", *, site: WidgetSite, origin: str, ticket_id: int | None = None
) -> Said:
    """Read a post of the widget; a page that claims to be of another origin than it is loses its address."""
    address = kept_address(post.get("address", ""), kept=site.kept_params)
    return Said(
        body=post.get("body", ""),
        client_token=post.get("client_token", ""),
        ticket_id=ticket_id,
        uploads=uploads,
        page={
            "site_id": site.pk,
            "address": address if address.startswith(f"{origin}/") else "",
            "title": line(post.get("title", ""), LONGEST_TITLE),
            "app_version": line(post.get("app_version", ""), LONGEST_VERSION),
            "client_version": line(post.get("client_version", ""), LONGEST_VERSION),
        },
    )
