"""The Jinja2 environment of every screen: what a template may call without importing anything."""

from collections.abc import Hashable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from django.urls import get_urlconf, reverse
from django.utils import timezone, translation
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from steward.web.shared import assets, clocks, commands, labels, navigation, snoozing, texts, times

FILTERS = MappingProxyType(
    {
        "instant": times.instant,
        "ago": times.ago,
        "ago_words": times.ago_words,
        "moment": times.moment,
        "day_and_time": times.day_and_time,
        "day": times.day,
        "duration": times.duration,
        "linked": texts.linked,
        "split_long": texts.split_long,
        "initials": texts.initials,
        "hue": texts.hue,
        "number": texts.number,
        "percent": texts.percent,
        "file_size": texts.file_size,
        "state": labels.state_label,
        "priority": labels.priority_label,
        "reason": labels.reason_label,
    }
)


class Blanks:
    """What stands in a part that is drawn once and filled anew at each look: `blanks.csrf` is a place for the value `csrf`."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def __getattr__(self, name: str) -> Markup:
        if name not in self._names:
            raise AttributeError(name)
        return Markup(f"{_BLANK}{name}{_BLANK}")  # noqa: S704 -- of ours


# Drawn by lot in each process: nobody can write a text that is taken for a blank.
_BLANK = f"\ue000{uuid4().hex}\ue001"


class Components:
    """The macros of every file in `shared/components`, reached as `ui.<file>.<macro>` without an import."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._drawn = lru_cache(maxsize=4096)(self._draw)
        self._cut = lru_cache(maxsize=1024)(self._pieces)

    def kept(self, file: str, macro: str, *args: Hashable) -> Markup:
        """Draw a small macro whose few values come again in every row, such as a state; drawn once a language."""
        if self._environment.auto_reload:
            return self._draw("", "", file, macro, *args)
        return self._drawn(translation.get_language() or "", assets.static("icons.svg"), file, macro, *args)

    def filled(self, values: Mapping[str, object], file: str, macro: str, *args: Hashable) -> Markup:
        """Draw a macro of which little changes: it gets the `Blanks` to put in place of the values first, then the rest.

        Drawn once a language for the same `args`; the values are put in, escaped, at each look.
        """
        cut = self._pieces if self._environment.auto_reload else self._cut
        pieces = list(cut(translation.get_language() or "", assets.static("icons.svg"), file, macro, tuple(values), *args))
        for place in range(1, len(pieces), 2):
            pieces[place] = escape(values[pieces[place]])
        return Markup("".join(pieces))  # noqa: S704 -- a macro escapes what it is given, and the values are escaped here

    def _pieces(
        self, language: str, sprite: str, file: str, macro: str, names: tuple[str, ...], *args: Hashable
    ) -> tuple[str, ...]:
        # Text, name of a value, text, name of a value, text …
        return tuple(str(self._draw(language, sprite, file, macro, Blanks(names), *args)).split(_BLANK))

    def _draw(self, _language: str, _sprite: str, file: str, macro: str, *args: object) -> Markup:
        return Markup(getattr(getattr(self, file), macro)(*args))  # noqa: S704 -- a macro escapes what it is given

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        module = self._environment.get_template(f"shared/components/{name}.html").module
        if not self._environment.auto_reload:
            # Found once: from now on it is a plain attribute, which a page of fifty rows reads hundreds of times.
            setattr(self, name, module)
        return module


def environment(**options: Any) -> Environment:
    """Build the environment; named in settings as TEMPLATES OPTIONS `environment`."""
    # Set, not defaulted: Django's backend chooses the lenient one first.
    options["undefined"] = StrictUndefined
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    # Every template stays compiled: the usual four hundred would not hold them all.
    options.setdefault("cache_size", -1)
    extensions = [*options.pop("extensions", []), "jinja2.ext.i18n", "jinja2.ext.do"]
    built = Environment(extensions=extensions, **options)  # noqa: S701 -- Django's backend turns autoescape on
    built.filters.update(FILTERS, tuple=tuple)
    built.globals.update(
        static=assets.static,
        icon=assets.icon,
        library_static=assets.library_static,
        mark_address=assets.MARK,
        url=url,
        address=navigation.address,
        clock_chip=clocks.chip,
        clock_name=clocks.full_name,
        labels=labels,
        sleep_words=snoozing.sleep_words,
        commands_for=commands.commands_for,
        language=translation.get_language,
        is_rtl=translation.get_language_bidi,
        time_zone=timezone.get_current_timezone_name,
        ui=Components(built),
    )
    built.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    built.globals["_"] = built.globals["gettext"] = said
    return built


def said(text: str, **values: object) -> Markup:
    """Translate a text in a template and put its values in; what needs none is looked up once a language."""
    language = translation.get_language() or ""
    return _with_values(language, text) % values if values else _said(language, text)


@lru_cache(maxsize=8192)
def _said(_language: str, text: str) -> Markup:
    # A text is a format even without values: a percent sign in it is written twice.
    return Markup(translation.gettext(text)) % {}  # noqa: S704 -- texts of ours


@lru_cache(maxsize=8192)
def _with_values(_language: str, text: str) -> Markup:
    return Markup(translation.gettext(text))  # noqa: S704 -- texts of ours


def template_folders() -> list[Path]:
    """List the template folders of all screens, for TEMPLATES DIRS."""
    return sorted(Path(__file__).resolve().parents[1].glob("*/templates"))


def url(name: str, *args: object, **kwargs: object) -> str:
    """Give the address of a screen: `url("ticket:page", 12)`; `query` adds what follows the question mark."""
    if kwargs:
        return reverse(name, args=args, kwargs=kwargs, query=kwargs.pop("query", None))  # type: ignore[arg-type]
    return _url(name, args, get_urlconf())


@lru_cache(maxsize=4096)
def _url(name: str, args: tuple[object, ...], _urlconf: object) -> str:
    return reverse(name, args=args)
