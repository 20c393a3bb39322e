"""What the fold remembers: what bytes mean, and what was worked out of a record."""

from typing import Any
from weakref import ref

import msgspec
import pytest

from tests.unit.fold_statements import coded, condition, statement
from wholerecord.fold import Entry, Kind, Once, Record, by_kind, fold
from wholerecord.fold.finding import finding
from wholerecord.fold.meant import procedure, vaccine
from wholerecord.fold.parts import newest_entry_first, newest_first
from wholerecord.fold.sayings import Sayings
from wholerecord.terms import Terminology, take_up


@pytest.fixture
def counted() -> tuple[Sayings[str], list[bytes]]:
    """Sayings that mean themselves, and each that was worked out."""
    worked: list[bytes] = []

    def work(said: bytes) -> str:
        worked.append(said)
        return said.decode()

    return Sayings(work), worked


def test_the_same_bytes_mean_the_very_same(counted: tuple[Sayings[str], list[bytes]]):
    sayings, worked = counted
    first = sayings.mean((b"a stroke",))
    assert sayings.mean((bytes(bytearray(b"a stroke")),)) is first
    assert worked == [b"a stroke"]


def test_an_odd_long_saying_is_not_kept(counted: tuple[Sayings[str], list[bytes]]):
    sayings, worked = counted
    for _ in range(2):
        sayings.mean((b"x" * 5000,))
    assert len(worked) == 2


def test_no_more_than_so_many_are_kept(counted: tuple[Sayings[str], list[bytes]]):
    sayings, worked = counted
    sayings.mean((b"first",))
    for n in range(9000):
        sayings.mean((str(n).encode(),))
    sayings.mean((b"first",))
    assert worked.count(b"first") == 2


def test_another_terminology_forgets_what_bytes_meant(counted: tuple[Sayings[str], list[bytes]]):
    sayings, worked = counted
    sayings.mean((b"a stroke",))
    take_up(Terminology())
    sayings.mean((b"a stroke",))
    assert len(worked) == 2


@pytest.mark.parametrize(
    ("kind", "body", "place"),
    [
        ("Condition", {"code": {"text": 4}}, "code.text"),
        ("Condition", {"code": coded("Stroke"), "category": {"text": "x"}}, "category"),
        ("Condition", {"code": coded("Stroke"), "bodySite": [{"text": 4}]}, "bodySite[0].text"),
        ("Condition", {"code": coded("Stroke"), "verificationStatus": []}, "verificationStatus"),
        ("Condition", {"code": None}, "code"),
        ("Procedure", {"code": {"coding": [{"code": 4}]}}, "code.coding[0].code"),
        ("Procedure", {"code": coded("Hip"), "bodySite": {}}, "bodySite"),
        ("Immunization", {"vaccineCode": "flu"}, "vaccineCode"),
    ],
)
def test_a_field_kept_as_its_bytes_still_says_where_it_is_at_fault(
    kind: str, body: dict[str, Any], place: str
):
    [parked] = fold([statement("gp", kind, {"id": "1", **body})]).parked
    assert parked.why == f"The {kind} is not as FHIR R4 has it at {place}."


def test_what_is_not_said_means_nothing():
    assert finding((b"", b"", b"", b"")).concept is None
    assert procedure((b"", b"")).name == vaccine((b"",)).name == ""
    with pytest.raises(msgspec.DecodeError):
        vaccine((b"{",))


def record(*words: str) -> Record:
    return fold([condition("gp", str(n), said, "2020-01-02") for n, said in enumerate(words)])


def test_what_is_asked_of_a_record_is_worked_out_once():
    worked: list[Record] = []

    def size(one: Record) -> int:
        worked.append(one)
        return len(one.entries)

    count = Once(size)
    one, equal = record("Asthma"), record("Asthma")
    assert [count.of(one), count.of(one)] == [1, 1]
    assert one == equal
    assert count.of(equal) == 1
    assert [id(each) for each in worked] == [id(one), id(equal)]


def test_what_was_worked_out_is_forgotten_with_its_record():
    count = Once(lambda one: len(one.entries))
    for n in range(100):
        words = ("Asthma", "Stroke")[: 1 + n % 2]
        assert count.of(record(*words)) == len(words)  # a new record may have an old one's place
    kept = record("Asthma")
    count.of(kept)
    gone = ref(kept)
    del kept
    assert gone() is None


def test_every_entry_is_of_its_kind_in_the_order_of_the_record():
    one = record("Asthma", "Stroke", "Hypertension")
    kinds = by_kind(one)
    assert tuple(kinds[Kind.CONDITION]) == one.of(Kind.CONDITION) == one.entries
    assert set(kinds) == set(Kind)


@pytest.mark.parametrize("days", [(), (1,), (1, 1, 1), (1, 2, 2, 3), (2, 2, 1, 1, 3, 3)])
def test_entries_of_one_time_are_in_the_order_of_whole_keys(days: tuple[int, ...]):
    said = [
        condition(source, f"{n}", f"Unheard {n}", f"2020-01-0{day}", n=n)
        for n, day in enumerate(days)
        for source in ("gp", "acute")
    ]
    undated = [condition("lab", str(n), f"Unheard undated {n}") for n in range(2)]
    entries: list[Entry] = list(fold([*said, *undated]).entries)
    expected = sorted(entries, key=newest_entry_first)
    assert newest_first(entries[::-1]) == newest_first(entries) == expected
