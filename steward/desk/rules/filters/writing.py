"""Writing a filter the one way it is kept, so that reading it gives the same filter again."""

from steward.desk.rules.filters.known import OPERATORS
from steward.desk.rules.filters.operators import Operators, quoted
from steward.desk.rules.filters.tree import Named, Number, Part, Phrase, Query, Term, Value, Word


def write_filter(query: Query, *, operators: Operators = OPERATORS) -> str:
    """Write a filter."""
    return " ".join(write_part(part, operators=operators) for part in query.parts)


def _plainly(value: Value) -> str:
    return quoted(value.text) if isinstance(value, Named) else str(value)


def write_part(part: Part, *, operators: Operators = OPERATORS) -> str:
    """Write one part of a filter; what no operator is known for any more is written as well as can be."""
    sign = "-" if part.negated else ""
    match part:
        case Word(text=text, beginning=beginning):
            return f"{sign}{text}{'*' if beginning else ''}"
        case Phrase(text=text):
            return sign + quoted(text)
        case Number(number=number):
            return f"{sign}#{number}"
        case Term(operator=name, values=values):
            operator = operators.get(name)
            return f"{sign}{name}:" + ",".join(operator.write(value) if operator else _plainly(value) for value in values)
