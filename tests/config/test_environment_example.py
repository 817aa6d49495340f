import re
from pathlib import Path

from steward.config.environment import Environment

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def test_the_example_names_every_variable_with_its_default() -> None:
    named = dict(re.findall(r"^#([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE))
    expected = {}
    for name, field in Environment.model_fields.items():
        default = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        expected["DATABASE_URL" if name == "database_url" else f"STEWARD_{name.upper()}"] = default
    assert {name: value for name, value in named.items() if name != "STEWARD_CHROMIUM"} == expected
