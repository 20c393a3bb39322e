"""What may stand for a value of people in a study."""

from datetime import date
from typing import Any, cast

from wholerecord.research.study.nodes import NODES, Expression, Rows, StudyWrong, Value


def as_expression(said: Any) -> Expression:
    """A value or node as an expression.

    Raises:
        StudyWrong: it is something else, such as rows that nothing was asked of.
    """
    if isinstance(said, bool | int | float | str | date):
        return Value(said)
    if isinstance(said, Rows):
        raise StudyWrong("Rows are not a value: add `.exists()`, `.count()` or `.last().…`.")
    if isinstance(said, NODES):
        return said  # type: ignore[return-value]
    raise StudyWrong(
        "This is not a value that people have: of a picked row, say which column (`.last().at`)."
    )


def texts_of(said: Any) -> tuple[str, ...] | None:
    """The texts of a list of texts; None: it is something else."""
    given = items(said)
    texts = tuple(each for each in given if isinstance(each, str))
    return texts if isinstance(said, tuple) and len(texts) == len(given) else None


def items(said: Any) -> tuple[Any, ...]:
    """What is in a list; of something else, that alone."""
    return cast("tuple[Any, ...]", said) if isinstance(said, tuple) else (said,)
