import json
import threading
from http.client import HTTPConnection

import jwt
import pytest

from steward.channels.actions.widget_sites import change_widget_site
from steward.cli.widget_host import page_server, site_for
from steward.core import clock
from steward.core.errors import NotFound
from tests.cast import SETUP
from tests.channels.widget.signing import site_of

ORIGIN = "http://127.0.0.1:8601"


def test_the_page_finds_the_site_that_may_stand_on_it(cast):
    other, mine = site_of(cast.at), site_of(cast.at, name="Mine", origins=(ORIGIN,))
    assert site_for(ORIGIN) == mine
    assert site_for(ORIGIN, other.key) == other
    change_widget_site(site_id=mine.pk, values={"is_active": False}, by=SETUP, at=cast.at)
    with pytest.raises(NotFound, match="No open site"):
        site_for(ORIGIN)


def test_the_page_hands_out_tokens_and_nothing_inline():
    server = page_server(0, desk="https://desk.example", key="site_1", secret="whs_" + "s" * 64)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        answers = {}
        for path in (
            "/?as=noor",
            "/help-token?as=noor",
            "/help-token?as=nobody",
            "/page.css",
            "/else",
            '/?as="><script>&language="><script>',
        ):
            caller = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
            caller.request("GET", path.replace('"><script>', "%22%3E%3Cscript%3E"))
            answer = caller.getresponse()
            answers[path] = (answer.status, answer.read().decode(), answer.headers)
            caller.close()
    finally:
        server.shutdown()
        server.server_close()
    status, page, headers = answers["/?as=noor"]
    assert (status, page.count("<script"), "<style" in page, " style=" in page) == (200, 1, False, False)
    assert "script-src https://desk.example;" in headers["Content-Security-Policy"]
    said = jwt.decode(
        json.loads(answers["/help-token?as=noor"][1])["token"], "whs_" + "s" * 64, algorithms=["HS256"], audience="site_1"
    )
    assert (said["sub"], said["exp"] - said["iat"], "jti" in said) == ("noor", 300, True)
    assert abs(said["iat"] - clock.now().timestamp()) < 60
    assert json.loads(answers["/help-token?as=nobody"][1]) == {"token": ""}
    assert answers["/else"][0] == 404
    assert '"><script>' not in answers['/?as="><script>&language="><script>'][1]
