"""The description of the API in git is the one the desk gives."""

import json
import os
from pathlib import Path

from steward.api.v1.site import described

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.json"


def written() -> str:
    return json.dumps(described(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def test_the_description_in_git_is_the_present_one():
    if os.environ.get("WRITE_OPENAPI"):
        SNAPSHOT.write_text(written())
    assert SNAPSHOT.read_text() == written(), "look at what changed, then: WRITE_OPENAPI=1 pytest tests/api/test_description.py"


def test_the_desk_gives_it_to_anybody(cast, client):
    response = client.get("/api/v1/openapi.json")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert response.json() == described()


def test_each_operation_says_what_it_does_and_what_it_needs():
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            assert operation["description"].endswith("."), (method, path)
            assert operation["x-scope"]
            assert operation["security"], (method, path)
            assert {"401", "403", "404", "429"} <= set(operation["responses"])
