"""Every command of the guide does what the guide says."""

import shlex
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.conftest import program_of
from tests.cast import user

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "api.md"


def commands():
    for line in GUIDE.read_text().splitlines():
        if line.startswith("    curl "):
            yield shlex.split(line)[1:]


def run(words, client, token, numbers):
    """Do what curl would."""
    method, headers, data, files, address = "", {}, None, {}, ""
    rest = iter(words)
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _colon, value = next(rest).partition(": ")
            headers[name] = value.replace("$TOKEN", token)
        elif word == "-d":
            data = next(rest).replace('"requester_id": 1', f'"requester_id": {numbers.get("requesters")}')
        elif word == "-F":
            files["file"] = SimpleUploadedFile(next(rest).partition("@")[2], b"a line")
        else:
            address = word.replace("$BASE", "/api/v1").replace("/tickets/1", f"/tickets/{numbers.get('tickets')}")
    kind = headers.pop("Content-Type", "")
    if files:
        return address, client.post(address, files, headers=headers)
    more = {"data": data, "content_type": kind} if data else {}
    return address, client.generic(method or ("POST" if data else "GET"), address, headers=headers, **more)


def test_every_command_of_the_guide_works(cast, client):
    token = program_of(user("Uma", "agent", "admin", team=cast.team)).token
    numbers, done = {}, 0
    for words in commands():
        address, response = run(words, client, token, numbers)
        assert response.status_code in {200, 201}, (words, response.content)
        if response.status_code == 201 and address in {"/api/v1/requesters", "/api/v1/tickets"}:
            numbers[address.rsplit("/", 1)[1]] = response.json()["id"]
        done += 1
    assert done >= 10
    assert (
        client.get(f"/api/v1/tickets/{numbers['tickets']}", headers={"Authorization": f"Bearer {token}"}).json()["state"]
        == "solved"
    )
