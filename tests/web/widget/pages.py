"""A page of the company with the widget in it, as far as the desk hears of it."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from steward.channels.models import WidgetSite
from steward.core import clock
from tests.channels.widget.signing import HOST, minted, secret_at


class Page:
    """Somebody in front of a page; each call is one request of the widget."""

    def __init__(self, site: WidgetSite, origin: str = HOST, **claims: Any) -> None:
        self.site, self.origin, self.claims, self.session = site, origin, claims, ""
        self.client = Client(enforce_csrf_checks=True)

    def token(self, **claims: Any) -> str:
        now = clock.now()
        return minted(secret_at(self.site, now), self.site.key, now, **{**self.claims, **claims})

    def open(self, token: str = "", site: str = "") -> Any:
        answer = self.post("session/", {"site": site or self.site.key, "token": token or self.token(), "zone": "Asia/Shanghai"})
        if answer.status_code == 200:
            self.session = answer.json()["session"]
        return answer

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/widget/{path}", query, headers=self._headers())

    def post(self, path: str, values: dict[str, Any]) -> Any:
        return self.client.post(f"/widget/{path}", values, headers=self._headers())

    def say(self, body: str, token: str = "", ticket: object = "", **values: Any) -> Any:
        return self.post("messages/", {"body": body, "client_token": token, "ticket": ticket, **values})

    def _headers(self) -> dict[str, str]:
        return {"Origin": self.origin, "Accept": "application/json", "Authorization": f"Bearer {self.session}"}


def opened(site: WidgetSite, **claims: Any) -> Page:
    page = Page(site, **claims)
    assert page.open().status_code == 200
    return page


def upload(name: str, content: bytes, kind: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)
