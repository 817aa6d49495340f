"""Puts a page of the sign-in library into our shell: its parts are rendered here, the document around them in Jinja2."""

from typing import Any

from django import template
from django.template import Context, engines
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_block_tag(takes_context=True)
def shell_part(context: Context, content: str, name: str) -> str:
    """Keep a rendered block, such as the title, for the shell; shows nothing itself."""
    context[f"shell_{name}"] = content.strip()
    return ""


@register.simple_block_tag(takes_context=True)
def shell(context: Context, content: str) -> SafeString:
    """Render the shell around a page."""
    inputs: dict[str, Any] = {
        "page_title": context.get("shell_title", ""),
        "layout": context.get("shell_layout", "") or "bare",
        "page": mark_safe(content),  # noqa: S308 -- rendered by Django with its own escaping
    }
    rendered = engines["jinja2"].get_template("shared/library_page.html").render(inputs, context["request"])
    return mark_safe(rendered)  # noqa: S308 -- rendered by Jinja2 with its own escaping
