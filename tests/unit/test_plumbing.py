"""What is about messages is on no list of care, and one address away. All made up."""

from dataclasses import replace

import pytest

from tests.unit.fold_statements import condition, places, statement
from tests.unit.portal_records import NOW, opened
from wholerecord.access.opening import Opened
from wholerecord.care import changes_since
from wholerecord.care.plumbing import PLUMBING
from wholerecord.fold import Kind, fold
from wholerecord.portal.clinician.by_time import by_time
from wholerecord.portal.clinician.listing import listing
from wholerecord.portal.patient import by_time as plain_by_time
from wholerecord.portal.patient.plain import section, sections
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.provenance import find_entry
from wholerecord.record import Statement

LINKS = Links(base="/people/x")
SENT = [
    statement("gp", "MessageHeader", {"id": "m", "eventCoding": {"code": "x"}}),
    statement("gp", "AuditEvent", {"id": "a", "recorded": "2026-01-01T00:00:00Z"}, n=1),
    statement("gp", "Provenance", {"id": "p", "recorded": "2026-01-01T00:00:00Z"}, n=2),
]
SAID = [
    condition("gp", "c", "Asthma", "2019-01-01", n=3),
    statement("gp", "OperationOutcome", {"id": "o", "issue": [{"diagnostics": "No more"}]}, n=4),
    statement("gp", "Coverage", {"id": "v", "status": "active"}, n=5),
]


def shown(*said: Statement) -> Opened:
    return replace(opened([]), record=fold(said))


def titles(found: Opened, *, plumbing: bool = False) -> list[str]:
    page = listing(found, Kind.OTHER, LINKS, words="", page="1", plumbing=plumbing)
    return sorted(row.line.text for row in page.rows)


def test_envelopes_are_on_no_list_of_care_and_on_a_list_of_their_own():
    found = shown(*SENT, *SAID)
    other = titles(found)
    assert len(other) == 2
    assert not any("envelope" in title or "Origin" in title for title in other)
    assert len(titles(found, plumbing=True)) == len(PLUMBING) == 3
    page = listing(found, Kind.OTHER, LINKS, words="", page="1")
    assert page.besides == (
        "3 entries about messages are not listed here",
        "/people/x/other?plumbing=yes",
    )
    counts = {title: total for title, _, total, _ in page.kinds}
    assert (counts["Everything else"], counts["Problems"]) == (2, 1)


def test_the_persons_page_counts_them_and_lists_them_elsewhere():
    found = shown(*SENT, *SAID)
    [other] = [one for one in sections(found, LINKS, NOW.date()) if one.slug == "other"]
    assert (len(other.lines), other.total, other.besides) == (2, 2, 3)
    assert other.besides_at == "/people/x/other?plumbing=yes"
    whole = section(found, Kind.OTHER, LINKS, NOW.date(), plumbing=True)
    assert (whole.title, len(whole.lines), whole.besides) == ("About messages", 3, 0)
    assert section(found, Kind.CONDITION, LINKS, NOW.date(), plumbing=True).total == 1


def test_where_there_are_envelopes_alone_they_are_still_reached():
    [other] = [one for one in sections(shown(*SENT), LINKS, NOW.date()) if one.slug == "other"]
    assert (other.lines, other.besides) == ((), 3)


def test_nothing_disappears():
    record = fold([*SENT, *SAID])
    assert places(record) == record.statements == 6
    for entry in record.entries:
        assert find_entry(shown(*SENT, *SAID), entry.key) is not None


@pytest.mark.parametrize("lines", [by_time, plain_by_time.by_time])
def test_neither_time_nor_news_is_of_messages(lines):
    found = shown(*SENT, *SAID)
    page = lines(found, LINKS, NOW.date(), chosen=[], page="1")
    assert sum(len(month.lines) for month in page.months) == 3
    assert changes_since(found.record, {}).count == 3
