"""Two worlds that differ only in what is said of who opted out give the same boards.

The same bytes to planners, and the same cells in the ledger: so no study, which is held against
them, is answered otherwise either. What is sealed or restricted is in no table at all:
`tests/conformance/test_views.py`.
"""

import os
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.test_boards import TODAY, coded, moment, people, snapshot, some
from wholerecord.access.studying import LeftOut
from wholerecord.consent.outs import OptOut
from wholerecord.record import PersonId
from wholerecord.research.board.count import count_board, show_board
from wholerecord.research.board.measures import MEASURES
from wholerecord.research.known import Numbered
from wholerecord.research.study.beside import write_boards
from wholerecord.research.study.meaning import Data

EXAMPLES = 60 if os.environ.get("WHOLERECORD_SOAK") == "1" else 3
BOARDS = ("prevalence-diabetes", "gap-hba1c", "use-gp")
KNOWN = {PersonId(f"p{n}"): Numbered(n, "s") for n in range(1, 61)}
AGO = timedelta(days=30)
worlds = st.sets(
    st.tuples(st.sampled_from(["has", "tested", "seen"]), st.integers(1, 12)), max_size=20
)


def world(said: set[tuple[str, int]]) -> Data:
    """Sixty people; of the first twelve only what is said."""
    kinds = {
        kind: [n for each, n in sorted(said) if each == kind] for kind in ("has", "tested", "seen")
    }
    return {
        "person": people(60),
        "condition": [*(coded(n, "type-2-diabetes", TODAY - AGO) for n in kinds["has"]),
                      *some(30, coded, "type-2-diabetes", TODAY - AGO, start=13)],
        "observation": [*(moment(n, "hba1c", TODAY - AGO) for n in kinds["tested"]),
                        *some(15, moment, "hba1c", TODAY - AGO, start=13)],
        "encounter": [*(coded(n, "x", TODAY - AGO, setting="GP") for n in kinds["seen"]),
                      *some(20, lambda n: coded(n, "x", TODAY - AGO, setting="GP"), start=20)],
    }  # fmt: skip


def shown(board: str, data: Data, out: LeftOut) -> tuple[bytes, bytes]:
    with TemporaryDirectory() as folder:
        made = count_board(MEASURES[board], snapshot(data, Path(folder), KNOWN), out)
    said, cells = show_board(made, ())
    return msgspec.json.encode(said), write_boards(cells)


@settings(deadline=None, max_examples=EXAMPLES)
@given(board=st.sampled_from(BOARDS), one=worlds, other=worlds)
def test_what_is_said_of_who_opted_out_changes_no_board_and_no_cell(board, one, other):
    out = LeftOut(by={OptOut.NATIONAL: frozenset(PersonId(f"p{n}") for n in range(1, 13))})
    assert shown(board, world(one), out) == shown(board, world(other), out)


def test_the_worlds_do_differ_for_who_did_not_opt_out():
    out = LeftOut(by={})
    said = {("has", n) for n in range(1, 13)}
    assert shown(BOARDS[0], world(set()), out) != shown(BOARDS[0], world(said), out)
