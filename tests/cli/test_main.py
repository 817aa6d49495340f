import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Annotated

import psycopg
import pytest
import typer

from steward.cli import main as cli
from steward.core.errors import Conflict, Invalid


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., object]], None]:
    """Put a function into the table as `steward probe`."""

    def put(function: Callable[..., object]) -> None:
        module = type(sys)("probe_module")
        module.probe = function  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "probe_module", module)
        monkeypatch.setitem(cli.COMMANDS, "probe", cli.Command("probe_module:probe", "Probe.", cli.Needs.NOTHING))

    return put


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def raising(error: Exception) -> Callable[..., None]:
    def probe(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
        raise error

    return probe


def test_help_lists_every_command_and_loads_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    said = capsys.readouterr().out
    assert all(name in said for name in cli.COMMANDS)
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "steward.cli.main", "--help"], capture_output=True, text=True, check=True
    ).stderr
    assert not any(module in loaded for module in ("django", "psycopg", "typer", "pydantic"))


def test_every_command_of_the_table_exists_and_describes_itself() -> None:
    for command in cli.COMMANDS.values():
        module, _, function = command.function.partition(":")
        assert getattr(importlib.import_module(module), function).__doc__


def test_a_group_lists_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "--help") == 0
    said = capsys.readouterr().out
    assert "import people" in said
    assert "worker" not in said


@pytest.mark.parametrize(("words", "said"), [(["wrker"], "Did you mean `steward worker`?"), (["import", "peple"], "import people")])
def test_a_mistyped_command_is_wrong_usage_with_a_proposal(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words) == 2
    assert said in capsys.readouterr().err


def test_a_wrong_option_is_wrong_usage_and_prepares_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("worker", "--no-such-option") == 2
    assert "--no-such-option" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out.startswith("steward ")


def test_a_refusal_is_told_in_words_with_the_way_out(register: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    register(raising(Conflict("It is taken.", hint="Take another.")))
    assert run("probe") == 1
    captured = capsys.readouterr()
    assert captured.err == "It is taken.\nTake another.\n"
    assert not captured.out


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Invalid("No.", hint="Yes."), "invalid"),
        (psycopg.OperationalError("gone"), "database_unreachable"),
        (FileNotFoundError(2, "No such file", "x.csv"), "file"),
        (ZeroDivisionError("oops"), "unexpected"),
    ],
)
def test_with_json_any_error_is_one_document(
    error: Exception, code: str, register: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    register(raising(error))
    assert run("probe", "--json") == 1
    said = json.loads(capsys.readouterr().out)["error"]
    assert said["code"] == code
    assert set(said) == {"code", "message", "hint"}


def test_what_a_command_returns_is_its_exit_code(register: Callable[..., None]) -> None:
    register(lambda: 1)
    assert run("probe") == 1
    register(lambda: None)
    assert run("probe") == 0


def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("STEWARD_PORT", "many")
    assert run("doctor", "--json") == 1
    said = json.loads(capsys.readouterr().out)["error"]
    assert said["code"] == "bad_setting"
    assert said["message"].startswith("STEWARD_PORT: ")
