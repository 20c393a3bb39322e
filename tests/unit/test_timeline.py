"""A record by time: every entry once, by month, newest first; what is hidden leaves no shape."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, secret, site
from tests.unit.door_web import application_of, carer_allowed, client
from tests.unit.fold_statements import condition as said
from tests.unit.fold_statements import result, statement
from tests.unit.portal_site import Region, region
from wholerecord.fold import Entry, Kind, fold
from wholerecord.portal.clinician.listing import TITLES
from wholerecord.portal.patient.plain import TITLES as PLAIN
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.timeline import PAGE, UNDATED, Timeline, timeline

LINKS = Links(base="/people/x")
HIDDEN = "Chlamydia"


@pytest.fixture
def here() -> Iterator[Region]:
    made = region()
    with made.runner:
        yield made


def title(entry: Entry) -> str:
    return entry.title


def shown(*statements, chosen=(), page="1") -> Timeline[str]:
    return timeline(fold(statements), LINKS, TITLES, title, chosen=chosen, page=page)


def lines(of: Timeline[str]) -> list[tuple[str, list[str]]]:
    return [(month.title, [line for _, line in month.lines]) for month in of.months]


MANY = [
    said("gp", "1", "Gout", "2019"),
    said("gp", "2", "Asthma", "2019-03"),
    said("gp", "3", "Hernia", "2019-01-01"),
    said("gp", "4", "Eczema"),
    said("gp", "5", "Migraine", "2025-12-31"),
    result("lab", "6", "2823-3", 4.1, "2019-03-02T10:00:00Z"),
]


def test_entries_of_all_kinds_stand_by_month_and_what_says_less_stands_after():
    of = shown(*MANY)
    assert [(name, len(each)) for name, each in lines(of)] == [
        ("December 2025", 1),
        ("March 2019", 2),
        ("January 2019", 1),
        ("2019, month not said", 1),
        (UNDATED, 1),
    ]
    assert of.says == "1 to 6 of 6 entries, newest first"
    assert [(year, total) for year, _, total in of.years] == [
        ("2025", 1),
        ("2019", 4),
        (UNDATED, 1),
    ]
    assert [kind.title for kind in of.kinds] == ["Problems", "Results"]


def test_only_the_chosen_kinds_are_shown_and_what_is_no_kind_chooses_nothing():
    of = shown(*MANY, chosen=["result", "nonsense"])
    assert [name for name, _ in lines(of)] == ["March 2019"]
    assert [(kind.name, kind.total, kind.chosen) for kind in of.kinds] == [
        ("condition", 5, False),
        ("result", 1, True),
    ]
    assert lines(shown(*MANY, chosen=["nonsense"])) == lines(shown(*MANY))
    none = shown(*MANY, chosen=["procedure"])
    assert (none.months, none.says) == ((), "")
    assert "procedure" in [kind.name for kind in none.kinds]


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "²", "9" * 30, "7"])
def test_a_page_that_there_is_not_is_the_first_or_the_last(page):
    assert lines(shown(*MANY, page=page)) == lines(shown(*MANY))


def test_every_kind_has_a_title_for_each_reader():
    assert set(TITLES) == set(PLAIN) == set(Kind)


DATES = st.one_of(
    st.just(""),
    st.integers(2000, 2030).map(str),
    st.dates().filter(lambda day: 1990 < day.year < 2035).map(lambda day: day.isoformat()[:7]),
    st.dates().filter(lambda day: 1990 < day.year < 2035).map(lambda day: day.isoformat()),
)


@settings(deadline=None)
@given(st.lists(DATES, max_size=130))
def test_every_entry_is_on_one_page_once_in_order_and_each_year_where_it_is_said_to_begin(dates):
    record = fold([said("gp", str(n), f"Thing {n}", when) for n, when in enumerate(dates)])
    pages = [
        timeline(record, LINKS, TITLES, title, chosen=(), page=str(n + 1))
        for n in range(max(1, -(-len(record.entries) // PAGE)))
    ]
    every = [line for page in pages for _, each in lines(page) for line in each]
    assert sorted(every) == sorted(entry.title for entry in record.entries)
    assert [bool(page.newer) for page in pages] == [n > 0 for n in range(len(pages))]
    assert [bool(page.older) for page in pages] == [n + 1 < len(pages) for n in range(len(pages))]
    assert sum(total for _, _, total in pages[0].years) == len(record.entries)
    for _, href, _ in pages[0].years:
        found = re.search(r"page=(\d+)#(.+)$", href)
        assert found
        assert found[2] in [month.anchor for month in pages[int(found[1]) - 1].months]
    for page in pages:
        anchors = [month.anchor for month in page.months]
        assert len(anchors) == len(set(anchors))


def test_ten_thousand_entries_are_still_a_short_page():
    record = fold(
        [
            statement(
                "lab",
                "Observation",
                {
                    "id": str(n),
                    "status": "final",
                    "code": {"text": f"Test {n % 50}"},
                    "effectiveDateTime": f"20{n % 25:02}-01-01",
                    "valueQuantity": {"value": n},
                },
            )
            for n in range(3000)
        ]
    )
    of = timeline(record, LINKS, TITLES, title, chosen=(), page="3")
    assert sum(len(month.lines) for month in of.months) == PAGE
    assert of.newer.endswith("page=2")


def test_a_doctor_reads_it_by_time_and_each_line_leads_to_where_it_comes_from(here: Region):
    client = here.client("doctor")
    page = client.get(f"/people/{here.grace}/timeline").text
    assert "The record by time" in page
    href = re.search(r'href="(/people/\w+/entries/[^"]+)"', page)
    assert href
    assert client.get(href[1]).status_code == 200
    print_page = re.search(r'href="(/people/\w+/print[^"]*)"', page)
    assert print_page
    assert client.get(print_page[1]).status_code == 200
    only = client.get(f"/people/{here.grace}/timeline?kind=allergy").text
    assert "Potassium" in page
    assert "Potassium" not in only
    past = client.get(f"/people/{here.grace}/timeline?at=2199-01-01&kind=allergy").text
    assert 'name="at" value="2199-01-01"' in past
    for leads in (f"/people/{here.grace}", f"/people/{here.grace}/condition"):
        shown_page = client.get(leads).text
        assert f"/people/{here.grace}/timeline" in shown_page
        assert f"/people/{here.grace}/print" in shown_page


def test_the_person_reads_it_in_plain_words(here: Region):
    client = here.client("grace")
    page = client.get("/me/timeline").text
    assert "Your record by time" in page
    assert "wrote:" in page
    href = re.search(r'href="(/me/entries/[^"]+)"', page)
    assert href
    assert client.get(href[1]).status_code == 200
    assert "/me/timeline" in client.get("/me").text


async def test_what_is_hidden_has_no_line_no_month_no_year_and_no_count():
    alone = bundle(patient("p1", NUMBER), condition("c1", "p1", onsetDateTime="2024-02-01"))
    hidden = secret("R") | {"onsetDateTime": "2020-05-05"}
    pages: list[list[str]] = []
    for bodies in ((alone,), (alone, bundle(hidden))):
        way, person = await site(*bodies)
        await carer_allowed(way, person)
        app = application_of(way, person)
        pages.append([])
        for who, path in (
            ("NURSE", f"/people/{person}/timeline"),
            ("CARER", f"/me/for/{person}/timeline"),
        ):
            async with client(app, who) as browser:
                text = (await browser.get(path)).text
                pages[-1].append(re.sub(r"[0-9a-f]{32,}", "", text))
        async with client(app, "PATIENT") as browser:
            assert (HIDDEN in (await browser.get("/me/timeline")).text) == (len(bodies) == 2)
    assert pages[0] == pages[1]
