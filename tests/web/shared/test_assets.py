import json
import re
from pathlib import Path

import pytest

from steward.web.shared import assets

ROOT = Path(__file__).resolve().parents[3]
FRONTEND = ROOT / "frontend"
NAMES = ["app.css", "rest.css", "app.js", "rest.js", "portal.js", "early.js", "icons.svg", "more.svg"]


@pytest.mark.parametrize("name", NAMES)
def test_every_built_file_has_its_hash_in_its_name_and_a_compressed_twin(name: str) -> None:
    stem, _, extension = name.partition(".")
    address = assets.static(name)
    assert re.fullmatch(rf"/static/{stem}-[0-9A-Za-z]{{8,}}\.{extension}", address)
    file = assets.STATIC_FOLDER / address.removeprefix("/static/")
    assert file.is_file()
    assert file.with_name(f"{file.name}.gz").is_file()
    assert file.with_name(f"{file.name}.br").is_file()


def test_a_name_that_was_not_built_says_what_to_do() -> None:
    with pytest.raises(assets.NotBuilt, match="make setup"):
        assets.static("nothing.css")


def test_without_a_build_the_first_page_says_what_to_do(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(assets, "MANIFEST", tmp_path / "manifest.json")
    with pytest.raises(assets.NotBuilt, match="make setup"):
        assets.static("app.css")


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in assets.icon("bell")
    assert 'role="img" aria-label="A &amp; B"' in assets.icon("bell", "A & B")


def test_every_icon_that_is_asked_for_is_in_a_sprite() -> None:
    sprites = [(assets.STATIC_FOLDER / assets.manifest()[name]).read_text(encoding="utf-8") for name in ("icons.svg", "more.svg")]
    have = set(re.findall(r'symbol id="([^"]+)"', "".join(sprites)))
    web = assets.STATIC_FOLDER.parent
    # The packages below name signs too: those of their notices, for one.
    for file in [*web.glob("*/templates/**/*.html"), *web.parent.rglob("*.py")]:
        asked = set(re.findall(r'(?:\bicon\(|\bsign=)"([a-z0-9-]+)"', file.read_text(encoding="utf-8")))
        assert asked <= have, f"{file.name}: build the front end again (node frontend/build.mjs)"


def test_the_scripts_hold_no_code_made_from_text() -> None:
    for name in ("app.js", "rest.js", "portal.js", "early.js"):
        script = (assets.STATIC_FOLDER / assets.manifest()[name]).read_text(encoding="utf-8")
        assert "eval(" not in script.replace("medieval(", "")


def test_each_behavior_is_a_file_of_its_own_and_small() -> None:
    for file in (FRONTEND / "src" / "js").glob("*.js"):
        lines = file.read_text(encoding="utf-8").splitlines()
        assert len(lines) < 120, file.name
        assert any(line.startswith("//") for line in lines[:3]), f"{file.name} says what it is for"


def test_the_lock_file_holds_hashes_and_no_addresses() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    packages = [entry for name, entry in lock["packages"].items() if name]
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages)
    assert not any("resolved" in entry for entry in packages)
    assert json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))["private"] is True


def test_what_the_sign_in_library_needs_in_the_browser_exists() -> None:
    found = {str(file.relative_to(folder)) for folder in assets.library_folders() for file in folder.rglob("*.js")}
    assert {"mfa/js/webauthn.js", "mfa/js/webauthn-json.js", "account/js/onload.js"} <= found
    assert assets.library_static("mfa/js/webauthn.js") == "/static/mfa/js/webauthn.js"
