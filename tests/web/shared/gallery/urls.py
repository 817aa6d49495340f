"""The pages of the gallery, and answers of every kind for its forms."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.backends.jinja2 import Jinja2
from django.urls import include, path
from django.utils import translation
from django.views.static import serve

from steward.core.errors import Conflict, Invalid, NotAllowed
from steward.people.actor import Actor, ActorKind
from steward.people.rules import Capability
from steward.web.shared import htmx
from steward.web.shared.assets import STATIC_FOLDER
from steward.web.shared.clocks import chip
from steward.web.shared.environment import template_folders

HERE = Path(__file__).parent
NAMES = ["Ada Brandt", "Ben Okafor", "Lin Zhao", "Eno Vaara", "Ravi Menon", "王小明", "ليلى حداد", "Oto"]
SUBJECTS = [
    "Label changes on the review console do not save for video queue EU-West",
    "Cannot sign in after the token rotation",
    "لا يمكنني فتح لوحة المراجعة",
    "审核后台无法加载视频",
    "Bulk action applied twice to 40 items",
    "Please add me to the appeals queue",
    "Where do I find the strike policy for live streams?",
    "Hotkeys are missing in the new player",
    "Thanks!",
]
STATES = ["new", "open", "pending", "on_hold", "open", "new", "solved", "open", "closed"]
ACTOR = Actor(kind=ActorKind.AGENT, id=1, user_id=1, name="Ada Brandt", capabilities=frozenset(Capability))

# What the next POST is answered with, and what was received: set and read by the tests in the same process.
NEXT: dict[str, Any] = {"answer": "ok", "received": [], "topics": [], "live": [], "extras": [], "seen": [], "test": 0}


@lru_cache
def engine() -> Jinja2:
    """Give the screens' engine, with the gallery's own folder in front."""
    return Jinja2(
        {
            "NAME": "gallery",
            "DIRS": [HERE, *template_folders()],
            "APP_DIRS": False,
            "OPTIONS": {
                "environment": "steward.web.shared.environment.environment",
                "context_processors": ["steward.web.shared.context.shell"],
            },
        }
    )


def context() -> dict[str, Any]:
    """Make the rows, clocks and files the pages show."""
    now = datetime.now(UTC)
    chips = [
        chip("first_response", "running", now + timedelta(minutes=95), now + timedelta(minutes=60)),
        chip("next_response", "running", now + timedelta(minutes=8), now - timedelta(minutes=2)),
        chip("resolution", "running", now - timedelta(minutes=17), now - timedelta(minutes=60)),
        chip("resolution", "paused", None, None, "requester"),
        chip("first_response", "met"),
    ]
    rows = [
        SimpleNamespace(
            number=4812 - index,
            subject=subject,
            state=STATES[index],
            priority=1 + index % 4,
            requester=NAMES[(index * 3 + 4) % len(NAMES)],
            at=now - timedelta(minutes=7 + index * 61),
            preview="Only reviewed twice, yes. I tried another browser as well." if index % 2 else "",
            assignee="" if index % 3 == 0 else NAMES[index % 4],
            mine=index % 4 == 0,
            chip=chips[index % 5] if index < 6 else None,
            unread=index in (0, 3),
            tags=("eu-west",) if index == 4 else (),
        )
        for index, subject in enumerate(SUBJECTS)
    ]
    files = [SimpleNamespace(name="console.har", href="/files/1", size=1_482_113, image="")]
    return {
        "now": now,
        "then": now - timedelta(days=1, minutes=40),
        "rows": rows,
        "chips": chips,
        "names": NAMES,
        "files": files,
        "extras": NEXT["extras"],
    }


def page(name: str) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        extra = {"pane": request.GET.get("pane", "list"), "start": request.GET.get("start", "reply")}
        NEXT["seen"].append(request.path)
        return HttpResponse(engine().get_template(f"{name}.html").render(context() | extra, request))

    return view


def send(request: HttpRequest) -> HttpResponse:
    NEXT["received"].append({**request.POST.dict(), "files": [file.name for file in request.FILES.getlist("files")]})
    answer = NEXT["answer"]
    if answer == "conflict":
        raise Conflict("Ben answered while you wrote.", hint="Read it, then send again if yours still fits.")
    if answer == "invalid":
        raise Invalid("The text has 60,000 characters; 50,000 fit.", field="body")
    if answer == "broken":
        return HttpResponse("upstream is gone", status=502)
    if answer == "slow":
        time.sleep(1)
    NEXT["extras"].append(request.POST["body"])
    return page("timeline")(request)


def refuse(request: HttpRequest) -> HttpResponse:
    raise NotAllowed("Only a lead may do that.", hint="Ask Lin.")


def form(request: HttpRequest) -> HttpResponse:
    raise Invalid("A queue with that name exists.", field="name")


def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect("/sign-in?next=/desk")


def said(request: HttpRequest) -> HttpResponse:
    return htmx.say(request, htmx.Toast("Assigned to Ben", hint="He is on shift until 18:00."))


def live(request: HttpRequest) -> StreamingHttpResponse:
    NEXT["topics"].append(request.GET["topics"])
    test, told = NEXT["test"], len(NEXT["live"])

    def events() -> Iterator[bytes]:
        nonlocal told
        yield b"retry: 200\n\n"
        until = time.monotonic() + 20
        while time.monotonic() < until and NEXT["test"] == test:
            for event in NEXT["live"][told:]:
                told += 1
                yield event.encode()
            time.sleep(0.05)

    response = StreamingHttpResponse(events(), content_type="text/event-stream")
    response["Cache-Control"] = "no-cache"
    return response


def static_file(request: HttpRequest, name: str) -> Any:
    return serve(request, name, document_root=str(STATIC_FOLDER))


def names(*entries: str) -> tuple[list[Any], str]:
    namespace = entries[0].split(":")[0]
    return [path(f"{entry.split(':')[1]}/", page("components"), name=entry.split(":")[1]) for entry in entries], namespace


urlpatterns = [
    path("components", page("components")),
    path("desk", page("desk")),
    path("chat", page("chat")),
    path("requests", page("portal")),
    path("sign-in", page("sign_in"), name="account_login"),
    path("sign-out", page("sign_in"), name="account_logout"),
    path("timeline", page("timeline")),
    path("send", send),
    path("refuse", refuse),
    path("form", form),
    path("guarded", guarded),
    path("said", said),
    path("ping", page("ping")),
    path("live", live),
    path("static/<path:name>", static_file),
    path("inbox/", include(names("inbox:page", "inbox:follow_ups"))),
    path("roster/", include(names("roster:page"))),
    path("insight/", include(names("insight:daily"))),
    path("settings/", include(names("settings:page", "settings:people"))),
    path("portal/", include(names("portal:page", "portal:ask"))),
    path("notices/", include(names("notices:page", "notices:count"))),
]


def as_ada(get_response: Any) -> Any:
    """Middleware: everybody who looks at the gallery is Ada, in the language of `?lang=`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = ACTOR  # type: ignore[attr-defined]
        request.unread_notices = 3  # type: ignore[attr-defined]
        with translation.override(request.GET.get("lang", "en")):
            return get_response(request)

    return middleware
