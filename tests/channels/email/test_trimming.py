"""What a person wrote in a reply, held by cases of our own in many languages: "%% name", the mail, "%%>", what was written."""

from pathlib import Path

import pytest

from steward.channels.email.trimming import trim_reply

FOLDER = Path(__file__).parent / "trimming_cases"


def cases():
    found = {}
    for path in sorted(FOLDER.glob("*.txt")):
        for case in path.read_text().split("%% ")[1:]:
            name, _, rest = case.partition("\n")
            reply, _, written = rest.partition("%%>\n")
            found[f"{path.stem}: {name}"] = (reply.removesuffix("\n"), written.removesuffix("\n"))
    return found


CASES = cases()


@pytest.mark.parametrize("name", CASES)
def test_a_reply_is_what_its_writer_wrote(name):
    reply, written = CASES[name]
    assert trim_reply(reply).text == written


@pytest.mark.parametrize("name", CASES)
def test_no_line_is_lost_and_trimming_what_was_trimmed_takes_nothing_more(name):
    reply, _written = CASES[name]
    trimmed = trim_reply(reply)
    lines = [line for line in reply.split("\n") if line.strip()]
    assert sorted(lines) == sorted(line for line in f"{trimmed.text}\n{trimmed.hidden}".split("\n") if line.strip())
    assert trim_reply(trimmed.text).text == trimmed.text
    assert trim_reply(reply.replace("\n", "\r\n")) == trimmed
    assert trim_reply(reply.replace("\n", "\r")) == trimmed


def test_there_are_cases_in_six_languages_and_more():
    assert {path.stem for path in FOLDER.glob("*.txt")} == {"en", "zh", "ja", "de", "fr", "es", "others"}
    assert len(CASES) > 80


@pytest.mark.parametrize(
    "only",
    ["> Is it better?\n> Ada", "On Mon, 2 Mar 2026 at 09:14, Desk <help@desk.example> wrote:\n> Is it better?", "\n\n> a\n\n"],
)
def test_a_reply_that_only_quotes_is_never_emptied(only):
    assert trim_reply(only).text.strip()
