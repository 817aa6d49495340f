"""HTML from strangers: as text for the desk, and cleaned for a sandboxed frame.

`nh3` is the only parser and cleaner of foreign HTML here, once it is tidied so that it can be parsed in time; what is read with expressions
is what it wrote.
"""

# ruff: noqa: E501 -- tables of words read best in lines

import html as entities
import re

import nh3

from steward.channels.email.tidying import NO_TEXT, tidied

_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr", "pre", "blockquote", "hr", "section", "article",
           "header", "footer", "dl", "dt", "dd", "center", "address", "figure", "li", "br", "details", "summary", "main", "form"}  # fmt: skip
_APART = {"p", "ul", "ol", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "dl"}
_FOR_TEXT = _BLOCKS | {"a", "td", "th", "img", "span", "tbody", "thead"}
_PIECE = re.compile(r'<(/?)([a-z0-9]+)((?:\s[\w:-]+="[^"]*")*)\s*/?>|([^<]+)|<')
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLANKS = re.compile(r"\n{3,}")
# More of a message is read by nobody; it is whole in the file beside it.
LONGEST_HTML = 4_000_000
SHOWN = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "div", "dl",
    "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol",
    "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "tt", "u", "ul", "var",
}  # fmt: skip
_STYLES = {"color", "background-color", "font-weight", "font-style", "text-align", "text-decoration", "direction", "white-space"}


def html_to_text(html: str) -> str:
    """Write HTML as text: a line a block, quotes with ">", links with where they lead, hidden things left out."""
    if not html.strip():
        return ""
    clean = nh3.clean(
        tidied(html[:LONGEST_HTML]),
        tags=_FOR_TEXT,
        attributes={"a": {"href"}, "img": {"alt"}},
        clean_content_tags=set(NO_TEXT),
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
    )
    return _Writer().write(clean)


class _Writer:
    """Writes cleaned HTML as text, in one pass."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.quotes = 0
        self.verbatim = 0
        self.links: list[tuple[str, int]] = []
        self.lists: list[int] = []

    def write(self, clean: str) -> str:
        for found in _PIECE.finditer(clean):
            closing, tag, attributes, words = found.groups()
            if tag:
                self._close(tag) if closing else self._open(tag, dict(_ATTRIBUTE.findall(attributes)))
            elif words:
                self._say(entities.unescape(words))
        self._end_line()
        return _BLANKS.sub("\n\n", "\n".join(self.lines)).strip("\n")

    def _say(self, words: str) -> None:
        if self.verbatim:
            first, *rest = words.split("\n")
            self.line += first
            for line in rest:
                self._end_line(always=True)
                self.line = line
            return
        words = _SPACE.sub(" ", words.replace("\xa0", " "))
        self.line += words.lstrip(" ") if not self.line or self.line.endswith((" ", "\t")) else words

    def _open(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: C901 -- a table of tags
        if tag in _BLOCKS:
            self._end_line(always=tag == "br")
        if tag in _APART:
            self._blank()
        if tag == "blockquote":
            self.quotes += 1
        elif tag == "pre":
            self.verbatim += 1
        elif tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._item()
        elif tag == "hr":
            self.line = "----"
            self._end_line()
        elif tag == "a":
            self.links.append((entities.unescape(attributes.get("href", "")), len(self.line)))
        elif tag in {"td", "th"} and self.line.strip():
            self.line = self.line.rstrip() + "\t"
        elif tag == "img" and attributes.get("alt"):
            self._say(entities.unescape(attributes["alt"]))

    def _item(self) -> None:
        if self.lists and self.lists[-1] >= 0:
            self.lists[-1] += 1
            self.line = f"{self.lists[-1]}. "
        else:
            self.line = "- "

    def _close(self, tag: str) -> None:
        if tag == "a" and self.links:
            self._end_link()
        if tag in _BLOCKS:
            self._end_line()
        if tag == "blockquote" and self.quotes:
            self.quotes -= 1
        elif tag == "pre" and self.verbatim:
            self.verbatim -= 1
        elif tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        if tag in _APART:
            self._blank()

    def _end_link(self) -> None:
        target, start = self.links.pop()
        words = self.line[start:].strip() if start <= len(self.line) else ""
        leads = target.removeprefix("mailto:")
        if leads and words and leads.rstrip("/") != words.rstrip("/") and leads.removeprefix("https://") != words:
            self.line = f"{self.line.rstrip()} <{leads}>"

    def _end_line(self, *, always: bool = False) -> None:
        line = self.line.rstrip()
        if line or always:
            self.lines.append(f"{'> ' * min(self.quotes, 10)}{line}".rstrip() if self.quotes else line)
        self.line = ""

    def _blank(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(">" if self.quotes else "")


def clean_html(html: str, *, remote_images: bool = False) -> str:
    """Clean HTML for a sandboxed frame: no script, form, frame or handler; pictures from elsewhere only where asked for.

    A picture of the message itself keeps its `cid:` address for whoever shows it to fill in.
    """

    def filtered(tag: str, attribute: str, value: str) -> str | None:
        if tag == "img" and attribute == "src" and not remote_images and not value.lower().startswith("cid:"):
            return None
        return value

    return nh3.clean(
        tidied(html[:LONGEST_HTML]),
        tags=SHOWN,
        clean_content_tags=set(NO_TEXT),
        attributes={
            "*": {"style", "dir", "lang", "title"},
            "a": {"href"},
            "img": {"src", "alt", "width", "height"},
            "td": {"colspan", "rowspan", "align", "valign"},
            "th": {"colspan", "rowspan", "align", "valign"},
            "table": {"align", "border", "cellpadding", "cellspacing", "width"},
            "ol": {"start", "type"},
            "font": {"color"},
        },
        attribute_filter=filtered,
        filter_style_properties=_STYLES,
        url_schemes={"http", "https", "mailto", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def has_remote_images(html: str) -> bool:
    """Tell whether showing it whole would fetch pictures from elsewhere."""
    return '<img src="http' in nh3.clean(tidied(html[:LONGEST_HTML]), tags={"img"}, attributes={"img": {"src"}})
