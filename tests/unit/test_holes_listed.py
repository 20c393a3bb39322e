"""Every test that the page of holes names is there: a hole without its test is open."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "reference" / "holes.md"
_NAMED = re.compile(r"`((?:unit|property|conformance|e2e)/test_\w+\.py)::(\w+)`")


def test_every_row_names_a_test_that_is_there() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    rows = [line for line in rows if not re.match(r"\| (hole|what comes|path) \|", line)]
    assert len(rows) > 45
    for row in rows:
        named = _NAMED.findall(row)
        assert named, row
        for file, name in named:
            text = (TESTS / file).read_text("utf-8")
            assert re.search(rf"^(async )?def {name}\(", text, re.MULTILINE), (file, name)
