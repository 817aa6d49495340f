"""HTML written anew before it is parsed: the same words and marks, properly nested and no deeper than anybody nests.

A parser of HTML mends what is wrongly nested, and the time and the memory that takes grow with the square of it: a letter of a few
hundred kilobytes can be made to fill a machine. What is written here is mended already, in one pass. It cleans nothing: that is
the parser's.
"""

import html as entities
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType

# A mail client's tables in tables reach thirty; a reply to a reply to a reply, a hundred.
DEEPEST = 300
# So many "&" in one piece of text are passed on as they are; in an attribute so many at most.
MANY_AMPERSANDS = 1_000
# Their content is no text of the message.
NO_TEXT = frozenset({
    "script", "style", "title", "head", "template", "noscript", "svg", "math", "iframe", "object", "select", "textarea",
    "noembed", "noframes", "xmp", "plaintext", "applet", "audio", "video",
})  # fmt: skip
_RAW = frozenset({"script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp", "plaintext"})
_EMPTY = frozenset({"br", "hr", "img", "col", "wbr"})
_TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup"})
_FORMATS = frozenset({
    "a", "abbr", "b", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "tt", "u", "var",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "blockquote", "center", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "summary",
    "table", "ul",
})  # fmt: skip
KNOWN = _EMPTY | _TABLE | _FORMATS | _BLOCKS
# What ends by itself where another of these begins, and what it is not looked for beyond.
_ENDS = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol"}) | _TABLE),
    "dd": (frozenset({"dd", "dt"}), frozenset({"dl"}) | _TABLE),
    "dt": (frozenset({"dd", "dt"}), frozenset({"dl"}) | _TABLE),
    "td": (frozenset({"td", "th", "caption"}), frozenset({"table"})),
    "th": (frozenset({"td", "th", "caption"}), frozenset({"table"})),
    "tr": (frozenset({"tr", "caption", "colgroup"}), frozenset({"table"})),
    "thead": (frozenset({"thead", "tbody", "tfoot", "caption", "colgroup"}), frozenset({"table"})),
    "tbody": (frozenset({"thead", "tbody", "tfoot", "caption", "colgroup"}), frozenset({"table"})),
    "tfoot": (frozenset({"thead", "tbody", "tfoot", "caption", "colgroup"}), frozenset({"table"})),
}
_KEPT = frozenset({
    "style", "dir", "lang", "title", "href", "src", "alt", "width", "height", "colspan", "rowspan", "align", "valign",
    "border", "cellpadding", "cellspacing", "start", "type", "color",
})  # fmt: skip
# A comment, a declaration, or a tag with its attributes. Quotes count only behind "=", as for a parser; possessive, so that nothing
# is looked at twice.
_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*+>?|</(?![a-zA-Z])[^>]*+>?"
    r"|<(/?)([a-zA-Z][^\s/>]*+)((?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+)?+)?+)*+)>?",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"?|'([^']*+)'?|([^\s>\"'][^\s>]*+)))?+")
_END_OF = MappingProxyType({name: re.compile(rf"</{name}(?=[\s/>])[^>]*+>?", re.IGNORECASE) for name in NO_TEXT})


@dataclass
class _Writer:
    """What is written so far, and what is open, innermost last."""

    written: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    count: Counter[str] = field(default_factory=Counter)

    def begin(self, name: str, attributes: str) -> None:
        self._end_before(name)
        if name in _EMPTY:
            self.written.append(f"<{name}{attributes}>")
        elif len(self.open) < DEEPEST:
            self.written.append(f"<{name}{attributes}>")
            self.open.append(name)
            self.count[name] += 1

    def end(self, name: str, *, beyond: frozenset[str] = frozenset()) -> None:
        """End the innermost of a name with all that was begun in it; nothing where none is open, or only beyond something else."""
        if not self.count[name]:
            return
        stops = beyond if name in _TABLE else beyond | _TABLE
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place] == name:
                self._close_to(place)
                return
            if self.open[place] in stops:
                return

    def _end_before(self, name: str) -> None:
        if name in _ENDS:
            ended, stops = _ENDS[name]
            for place in range(len(self.open) - 1, -1, -1):
                if self.open[place] in ended:
                    self._close_to(place)
                    break
                if self.open[place] in stops:
                    break
        elif name in _BLOCKS and self.count["p"]:
            self.end("p", beyond=_BLOCKS - {"p"})

    def _close_to(self, place: int) -> None:
        while len(self.open) > place:
            name = self.open.pop()
            self.count[name] -= 1
            self.written.append(f"</{name}>")

    def finish(self) -> str:
        self._close_to(0)
        return "".join(self.written)


def tidied(html: str) -> str:
    """Write HTML anew, properly nested: as foreign as before, and still to be cleaned."""
    writer = _Writer()
    for words, found in _pieces(html):
        if words:
            writer.written.append(_text(words))
        if found is None:
            continue
        name = (found[2] or "").lower()
        if name not in KNOWN:
            continue
        if found[1]:
            writer.end(name)
        else:
            writer.begin(name, _attributes(found[3]))
    return writer.finish()


def _pieces(html: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Give text and the tag behind it, without what is no text of the message."""
    at = 0
    endless: set[str] = set()
    while at < len(html):
        found = _TOKEN.search(html, at)
        if found is None:
            yield html[at:], None
            return
        yield html[at : found.start()], found
        at = found.end()
        name = (found[2] or "").lower()
        if name in NO_TEXT and not found[1] and name not in endless:
            ends = _END_OF[name].search(html, at)
            if ends is None:
                endless.add(name)
            # Without its end it hides nothing, but for what is read raw: that hides all that follows.
            at = ends.end() if ends is not None else len(html) if name in _RAW else at


def _text(words: str) -> str:
    words = words.replace("<", "&lt;")
    if words.count("&") < MANY_AMPERSANDS:
        return words
    # A parser's time grows with the square of their number in one piece: broken up where a line may break, which nobody sees.
    pieces = words.split("&")
    return "<wbr>&".join("&".join(pieces[start : start + MANY_AMPERSANDS]) for start in range(0, len(pieces), MANY_AMPERSANDS))


def _attributes(said: str) -> str:
    if not said or said.isspace():
        return ""
    kept: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(said):
        if name.lower() in _KEPT:
            kept.setdefault(name.lower(), double or single or bare)
    return "".join(f' {name}="{_value(value)}"' for name, value in kept.items())


def _value(value: str) -> str:
    if value.count("&") > MANY_AMPERSANDS:
        value = entities.unescape(value).replace("&", "")
    return value.replace('"', "&quot;")
