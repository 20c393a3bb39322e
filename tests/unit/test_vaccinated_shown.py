"""The immunisation schedule on a page: to whom it is shown, and in which words."""

from dataclasses import replace
from datetime import date

from tests.unit.portal_records import opened, record
from wholerecord.access.opening import Opened
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.vaccinated import NOW, Shown, schedule_shown

TODAY = date(2026, 1, 20)  # in winter: the person, born in 1948, is asked for flu and COVID-19


def shown(found: Opened, *, plain: bool = False) -> Shown | None:
    return schedule_shown(found, Links(base="/x"), TODAY, plain=plain)


def texts(found: Shown | None) -> str:
    assert found is not None
    return " ".join(f"{part.title} {part.about}" for part in found.parts).casefold()


def test_who_may_not_see_immunisations_is_told_nothing_of_what_is_due():
    whole = opened([])
    narrow = replace(whole, verdict=replace(whole.verdict, kinds=frozenset({"medicine"})))
    wide = replace(whole, verdict=replace(whole.verdict, kinds=frozenset({"immunisation"})))
    assert shown(narrow) is None
    assert shown(wide) is not None


def test_that_something_is_withheld_is_said_beside_what_is_not_known():
    whole, part = shown(opened([])), shown(opened([], withheld=2))
    assert whole
    assert not whole.withheld
    assert part
    assert part.withheld
    assert whole.parts == part.parts


def test_no_heading_says_that_a_dose_was_not_given():
    staff, person = texts(shown(opened([]))), texts(shown(opened([]), plain=True))
    assert "not known" in staff
    assert "not known" in person
    for said in (staff, person):
        assert "missed" not in said
        assert "no doses" not in said


def test_the_persons_first_page_has_only_what_is_for_now():
    found = schedule_shown(opened([]), Links(base="/me"), TODAY, plain=True, which=NOW)
    assert found
    assert {part.title for part in found.parts} <= {"May be overdue", "Due now"}


def test_without_a_date_of_birth_the_page_says_why():
    found = shown(replace(opened([]), record=record([], None)))
    assert found
    assert found.why_not == "The date of birth is not known here."
    assert not found.parts
