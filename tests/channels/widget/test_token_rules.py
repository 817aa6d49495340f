import base64
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from steward.channels.rules.widget_pages import kept_address, line, origin_of
from steward.channels.rules.widget_tokens import Disbelieved, Refusal, believed
from tests.channels.widget.signing import minted

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OLD, NEW = "whs_" + "a" * 64, "whs_" + "b" * 64
SECRETS = [(2, NEW), (1, OLD)]


def why(token: str, at: datetime = AT) -> Refusal:
    with pytest.raises(Disbelieved) as refused:
        believed(token, secrets=SECRETS, site_key="site_1", at=at)
    return refused.value.why


def token(secret: str = NEW, key: str = "site_1", at: datetime = AT, **claims: object) -> str:
    return minted(secret, key, at, **claims)


def unsigned(claims: dict[str, object], header: dict[str, str]) -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims))
    return ".".join(parts)


def test_a_token_says_who_is_there():
    claims = believed(
        token(team="Nights", role="moderator", market="IN", language="de", jti="x"), secrets=SECRETS, site_key="site_1", at=AT
    )
    assert (claims.subject, claims.email, claims.name) == ("u-17", "mara@console.example", "Mara")
    assert (claims.team, claims.role, claims.market, claims.language, claims.token_id) == ("Nights", "moderator", "IN", "de", "x")
    assert (claims.key, claims.expires_at) == (2, AT + timedelta(minutes=10))


def test_the_old_secret_is_believed_beside_the_new_one_and_told_apart():
    assert believed(token(OLD), secrets=SECRETS, site_key="site_1", at=AT).key == 1
    with pytest.raises(Disbelieved):
        believed(token(OLD), secrets=SECRETS[:1], site_key="site_1", at=AT)


def test_audiences_may_be_several():
    assert believed(token(aud=["other", "site_1"]), secrets=SECRETS, site_key="site_1", at=AT).subject == "u-17"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ("", Refusal.UNREADABLE),
        ("no token", Refusal.UNREADABLE),
        ("a.b.c", Refusal.UNREADABLE),
        ("x" * 5000, Refusal.UNREADABLE),
        ("é.é.é", Refusal.UNREADABLE),
        (token("whs_" + "c" * 64), Refusal.FORGED),
        (token(key="site_2"), Refusal.WRONG_SITE),
        (token(aud=None), Refusal.WRONG_SITE),
        (token(aud={"site_1": 1}), Refusal.WRONG_SITE),
        (token(lives=timedelta(minutes=-5)), Refusal.EXPIRED),
        (token(lives=timedelta(minutes=17)), Refusal.LIVES_TOO_LONG),
        (token(lives=timedelta(days=4000), iat=None), Refusal.LIVES_TOO_LONG),
        (token(at=AT - timedelta(minutes=10), lives=timedelta(minutes=20)), Refusal.LIVES_TOO_LONG),
        (token(at=AT + timedelta(minutes=5)), Refusal.NOT_YET),
        (token(nbf=int(AT.timestamp()) + 300), Refusal.NOT_YET),
        (token(exp=None), Refusal.CLAIM),
        (token(exp="soon"), Refusal.CLAIM),
        (token(exp=True), Refusal.CLAIM),
        (token(exp=10**30), Refusal.CLAIM),
        (token(sub=None), Refusal.CLAIM),
        (token(sub=17), Refusal.CLAIM),
        (token(sub="  "), Refusal.CLAIM),
        (token(name=["Mara"]), Refusal.CLAIM),
        (token(team="x" * 201), Refusal.CLAIM),
        (token(name="Ma\x00ra"), Refusal.CLAIM),
        (jwt.encode({"sub": "x"}, NEW * 2, algorithm="HS512"), Refusal.ALGORITHM),
    ],
)
def test_what_is_not_believed_is_told_apart(made, reason):
    assert why(made) == reason


def test_a_token_without_signature_is_refused_whatever_it_says():
    claims = {"sub": "u-17", "aud": "site_1", "exp": int(AT.timestamp()) + 60}
    for header in ({"alg": "none", "typ": "JWT"}, {"alg": "None"}, {"alg": "HS256"}, {"alg": "RS256"}, {}):
        assert why(unsigned(claims, header) + ".") in {Refusal.ALGORITHM, Refusal.FORGED, Refusal.UNREADABLE}
        assert why(unsigned(claims, header)) == Refusal.UNREADABLE


def test_a_token_whose_words_were_changed_is_forged():
    head, _words, sign = token().split(".")
    words = base64.urlsafe_b64encode(json.dumps({"sub": "boss", "aud": "site_1"}).encode()).rstrip(b"=").decode()
    assert why(f"{head}.{words}.{sign}") == Refusal.FORGED


def test_clocks_may_differ_by_a_minute():
    assert believed(token(), secrets=SECRETS, site_key="site_1", at=AT + timedelta(minutes=10, seconds=59)).subject == "u-17"
    assert believed(token(at=AT + timedelta(seconds=59)), secrets=SECRETS, site_key="site_1", at=AT).subject == "u-17"


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Console.Example/a?b#c", "https://console.example"),
        ("https://console.example:443/", "https://console.example"),
        ("http://127.0.0.1:8601", "http://127.0.0.1:8601"),
        ("http://[::1]:80/x", "http://[::1]"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://u:p@console.example/", "https://console.example"),
        ("console.example", ""),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://", ""),
        ("https://a:99999/", ""),
        ("https://[broken", ""),
        ("null", ""),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(address, origin):
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    ("address", "kept", "left"),
    [
        ("https://c.example/q/7?token=s3cret&case=9#top", (), "https://c.example/q/7"),
        ("https://c.example/q/7?token=s3cret&case=9&case=8", ("case",), "https://c.example/q/7?case=9&case=8"),
        ("https://u:p@c.example", (), "https://c.example/"),
        ("javascript:alert(1)", (), ""),
        ("https://c.example/" + "x" * 2000, (), "https://c.example/" + "x" * 982),
        ("https://c.example/a\x00b", (), "https://c.example/ab"),
    ],
)
def test_of_an_address_no_secret_is_kept(address, kept, left):
    assert kept_address(address, kept=kept) == left


def test_what_a_page_says_is_one_line_that_fits():
    assert line("  A\n title\x00\u202e ", 200) == "A title"
    assert len(line("é" * 500, 200)) == 200
