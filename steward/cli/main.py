"""The command `steward`: a table of commands, each loaded when it is called, and one place that turns errors into words."""

import difflib
import functools
import importlib
import json
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NoReturn

from steward import __version__
from steward.core.errors import DomainError


class Needs(IntEnum):
    """What must stand before a command runs; each includes those before it."""

    NOTHING = 0
    DJANGO = 1
    DATABASE = 2


@dataclass(frozen=True)
class Command:
    """A line of the table: where the function is, what it does in one sentence, what it needs, and its code for wrong usage."""

    function: str
    help: str
    needs: Needs = Needs.DATABASE
    usage: int = 2


COMMANDS: dict[str, Command] = {
    "up": Command("steward.cli.up:up", "Start everything: database, web and worker.", Needs.NOTHING),
    "web": Command("steward.cli.web:web", "Serve the screens.", Needs.NOTHING),
    "worker": Command("steward.cli.worker:worker", "Run jobs and follow the ledger."),
    "listen": Command("steward.cli.listen:listen", "Stay connected to the vendors of some kinds of channels, such as lark."),
    "migrate": Command("steward.cli.migrate:migrate", "Bring the database up to this release.", Needs.NOTHING),
    "doctor": Command("steward.cli.doctor:doctor", "Look at the whole installation and say what is wrong.", Needs.NOTHING),
    "demo": Command("steward.cli.demo:demo", "Fill or remove the demo desk.", Needs.NOTHING),
    "widget-host": Command("steward.cli.widget_host:widget_host", "Serve a page of another origin with the widget in it."),
    "verify": Command("steward.cli.verify:verify", "Hold what the tables say against what the ledger tells."),
    "channel add": Command("steward.cli.channel:add", "Set up a channel, such as Matrix; its secrets come by standard input."),
    "channel change": Command("steward.cli.channel:change", "Set a channel up otherwise, or switch it on or off."),
    "channel list": Command("steward.cli.channel:show", "Say how the channels fare, what waits and what is parked."),
    "channel check": Command("steward.cli.channel:check", "Ask a channel's vendor whether it knows this desk."),
    "channel link": Command("steward.cli.channel:link", "Say which user somebody on a channel is."),
    "channel retry": Command("steward.cli.channel:retry", "Try again what was parked or failed on a channel."),
    "mail parse": Command("steward.cli.mail:parse", "Show what the desk reads in a raw e-mail.", Needs.NOTHING),
    "mail trim": Command("steward.cli.mail:trim", "Show what the writer of a reply wrote.", Needs.NOTHING),
    "mail-in": Command(
        "steward.cli.mail_in:mail_in",
        "Take one raw e-mail in from a mail server's pipe.",
        Needs.NOTHING,
        64,
    ),
    "report daily": Command("steward.cli.report:daily", "Print the report of one day."),
    "export": Command("steward.cli.exporting:export", "Write the whole desk into a folder, in open formats."),
    "import desk": Command(
        "steward.cli.exporting:import_desk_command", "Take a whole desk over from an export, into an empty one.", Needs.NOTHING
    ),
    "import tickets": Command("steward.cli.importing:import_tickets_command", "Take tickets over from a file."),
    "import people": Command("steward.cli.people:import_people_command", "Take users and requesters over from a file."),
    "password-link": Command("steward.cli.passwords:password_link", "Print a one-time link that sets a user's password."),
}

OK, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130


class WrongUsage(DomainError):
    """The command was not called as it can be."""

    code = "usage"


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and end the process with its exit code: 0 done, 1 refused or failed, 2 wrong usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    try:
        code = _dispatch(words)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else REFUSED if ended.code else OK
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        code = INTERRUPTED
    except BrokenPipeError:
        code = REFUSED
    except Exception as error:  # noqa: BLE001 -- the one place where any error becomes words
        code = _tell(error, as_json=as_json)
    sys.exit(code)


def _dispatch(words: list[str]) -> int:
    name, rest = _find(words)
    if name:
        return _run(name, rest)
    if words and words[0] == "--version":
        sys.stdout.write(f"steward {__version__}\n")
        return OK
    spoken = [word for word in words if not word.startswith("-")]
    group = [name for name in COMMANDS if spoken and name.split()[0] == spoken[0]]
    if group and len(spoken) == 1:
        sys.stdout.write(_overview(group))
        return OK if len(words) > 1 else USAGE
    if spoken:
        asked = " ".join(spoken[:2] if group else spoken[:1])
        near = difflib.get_close_matches(asked, COMMANDS, n=1)
        meant = f" Did you mean `steward {near[0]}`?" if near else " See `steward --help`."
        raise WrongUsage(f"There is no command `steward {asked}`.{meant}")
    sys.stdout.write(_overview(list(COMMANDS)))
    return OK if words else USAGE


def _find(words: list[str]) -> tuple[str, list[str]]:
    for length in (2, 1):
        name = " ".join(words[:length])
        if len(words) >= length and name in COMMANDS:
            return name, words[length:]
    return "", words


def _overview(names: list[str]) -> str:
    width = max(map(len, names)) + 2
    lines = [f"  {name:<{width}}{COMMANDS[name].help}\n" for name in names]
    head = "Steward, the desk of a user-operations team.\n\nUsage: steward COMMAND [--help]\n\nCommands:\n"
    return head + "".join(lines)


def _run(name: str, words: list[str]) -> int:
    import typer  # noqa: PLC0415 -- slow import

    command = COMMANDS[name]
    module, _, attribute = command.function.partition(":")
    function = getattr(importlib.import_module(module), attribute)
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command(help=function.__doc__ or command.help)(_prepared(function, command.needs))
    called = typer.main.get_command(app)
    if "--json" in words and "--help" not in words and command.usage == USAGE:
        return _run_for_json(called, name, words)
    try:
        called(words, prog_name=f"steward {name}")
    except SystemExit as ended:
        sys.exit(command.usage if ended.code == USAGE else ended.code)
    return OK


def _run_for_json(called: Callable[..., Any], name: str, words: list[str]) -> int:
    """Run a command whose caller reads JSON, also of what is wrong with the asking; raises `WrongUsage` for that."""
    try:
        called(words, prog_name=f"steward {name}", standalone_mode=False)
    except Exception as error:
        # The library of the command line is known by this only: it is loaded with the command.
        if getattr(error, "exit_code", OK) != USAGE or not hasattr(error, "format_message"):
            raise
        raise WrongUsage(error.format_message(), hint=f"See `steward {name} --help`.") from error
    return OK


def _prepared(function: Callable[..., Any], needs: Needs) -> Callable[..., Any]:
    """Prepare only once the arguments are known to be right: `--help` and a mistyped option start no database."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        if needs is not Needs.NOTHING:
            from steward.cli import preparation  # noqa: PLC0415 -- slow import

            if needs is Needs.DATABASE:
                preparation.open_database()
            else:
                preparation.set_up_django()
        code = function(*args, **kwargs)
        if isinstance(code, int) and code:
            sys.exit(code)

    return run


def _tell(error: Exception, *, as_json: bool) -> int:
    code, message, hint = _words(error)
    if code == "unexpected":
        traceback.print_exception(error, file=sys.stderr)
    if as_json:
        told = json.dumps({"error": {"code": code, "message": message, "hint": hint}}, ensure_ascii=False)
        # The name of a file may be no text.
        sys.stdout.write(told.encode("utf-8", "replace").decode() + "\n")
    else:
        sys.stderr.write(f"{message}\n{hint}\n" if hint else f"{message}\n")
    return USAGE if code == "usage" else REFUSED


def _words(error: Exception) -> tuple[str, str, str]:
    if isinstance(error, DomainError):
        return error.code, error.message, error.hint
    kinds = {f"{kind.__module__.split('.')[0]}.{kind.__name__}" for kind in type(error).__mro__}
    if "pydantic_core.ValidationError" in kinds:
        return "bad_setting", _bad_settings(error), "Correct the variables named, and start again. .env.example lists them all."
    if kinds & {"psycopg.OperationalError", "django.OperationalError", "django.InterfaceError"}:
        return "database_unreachable", f"The database does not answer: {str(error).strip()}", "Run `steward doctor`."
    if isinstance(error, OSError) and error.filename:
        return "file", f"{error.filename}: {error.strerror}", "Check that it exists and that you may use it."
    return "unexpected", f"This should not happen: {type(error).__name__}: {error}", "Please report it with the lines above."


def _bad_settings(error: Any) -> str:
    named = [("_".join(map(str, problem["loc"])).upper(), problem["msg"]) for problem in error.errors()]
    return "\n".join(f"{name if name == 'DATABASE_URL' else f'STEWARD_{name}'}: {said}" for name, said in named)


if __name__ == "__main__":
    main()
