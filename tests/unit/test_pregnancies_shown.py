"""The current pregnancy in the banner, and every pregnancy as an episode. Everybody is invented."""

from dataclasses import replace
from datetime import UTC, date, datetime

from tests.unit.portal_records import opened
from tests.unit.test_maternity import BOOKED, BORN, due
from wholerecord.access.opening import Opened
from wholerecord.fold import by_kind, fold
from wholerecord.portal.clinician.banner import banner
from wholerecord.portal.clinician.pregnancies import current, episodes
from wholerecord.portal.shared.links import Links
from wholerecord.record import Statement

LINKS = Links(base="/people/x")


def record_of(*said: Statement, withheld: int = 0) -> Opened:
    return replace(opened([], withheld=withheld), record=fold(said))


def alerts(found: Opened, on: datetime) -> list[str]:
    shown = banner(found, by_kind(found.record), LINKS, [], on)
    return [line.text for line in shown.alerts]


def test_a_current_pregnancy_is_in_the_banner_with_its_due_date_and_an_ended_one_is_not():
    summer, winter = datetime(2025, 7, 1, tzinfo=UTC), datetime(2025, 11, 1, tzinfo=UTC)
    assert alerts(record_of(*BOOKED), summer) == ["Pregnant, due 20 Oct 2025"]
    assert alerts(record_of(*BOOKED, BORN), winter) == []


def test_two_due_dates_are_both_in_the_line_and_the_disagreement_is_said():
    found = record_of(*BOOKED, due("gp", "e2", "2025-10-27", "2025-03-05"))
    [line] = current(found, LINKS, date(2025, 7, 1))
    assert line.text == "Pregnant, due 20 Oct 2025 or 27 Oct 2025"
    assert "disagree" in line.note


def test_where_something_is_withheld_the_line_says_that_it_may_say_more():
    [line] = current(record_of(*BOOKED, withheld=1), LINKS, date(2025, 7, 1))
    assert "withheld" in line.note
    [line] = current(record_of(*BOOKED), LINKS, date(2025, 7, 1))
    assert "withheld" not in line.note


def test_an_episode_lists_who_told_what_and_leads_to_each_entry():
    [one] = episodes(record_of(*BOOKED, BORN), LINKS, date(2025, 11, 1))
    assert one.title == "Pregnancy: ended"
    assert "ended by 14 Oct 2025, birth by caesarean section" in one.says
    assert [line.text.split(":")[0] for line in one.lines] == [
        "Pregnancy",
        "Care",
        "Due date",
        "Care",
        "End",
    ]
    assert all(line.href.startswith("/people/x/entries/") for line in one.lines)
