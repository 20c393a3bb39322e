"""What the first screen shows, as values: no browser, no template."""

from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from tests.unit.portal_records import (
    GRACE,
    NOW,
    a_parked_item,
    busy_entries,
    entry,
    looked,
    many,
    measures,
    opened,
    pressure,
    said,
)
from wholerecord.care.heard import nothing
from wholerecord.fold import Condition, Kind, Measure, Medicine
from wholerecord.nhs import NhsNumber, PartialDate
from wholerecord.people import Demographics
from wholerecord.portal.clinician.listing import PAGE, listing
from wholerecord.portal.clinician.screen import screen
from wholerecord.portal.clinician.trends import said_value, spark
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.pages import render


def shown(of=None, **more):
    return screen(of or opened(), alerts=(), last=None, now=NOW, **more)


def panel(slug, of=None, **more):
    return next(panel for panel in shown(of, **more).panels if panel.slug == slug)


def texts(panel):
    return [line.text for line in panel.lines]


def test_there_are_ten_panels():
    assert [panel.slug for panel in shown().panels] == [
        "problems",
        "medicines",
        "changed",
        "encounters",
        "results",
        "observations",
        "care-plan",
        "pending",
        "about-me",
        "team",
    ]


def test_the_banner_says_who_this_is():
    banner = shown().banner
    assert banner.name == "OKAFOR, Grace Ada (Mrs)"
    assert (banner.born, banner.age) == ("2 Mar 1948", "78 years")
    assert (banner.nhs_number, banner.number_status) == ("999 000 0018", "verified")
    assert banner.sex == "Female"
    assert banner.weight == "71.5 kg (18 Feb 2026)"


def test_somebody_of_whom_nothing_is_known_has_a_banner_that_says_so():
    banner = shown(opened([], who=None)).banner
    assert banner.name == "Name not said"
    assert banner.born == "date of birth not said"
    assert banner.nhs_number == ""
    assert banner.weight == "not recorded"


def test_a_denied_allergy_is_shown_with_the_disagreement_and_the_denial_is_attributed():
    allergies = shown().banner.allergies
    assert allergies[0].text == "Penicillin"
    assert allergies[0].mark == "Sources disagree"
    denial = "St Elsewhere Hospital: \u201cNo known allergies\u201d"
    assert allergies[-1].text == denial
    assert not any(line.text == "No known allergies" for line in allergies)


def test_a_restricted_person_has_no_address_on_the_screen():
    restricted = Demographics(names=GRACE.names, addresses=GRACE.addresses, restricted=True)
    assert "Garden" not in shown(opened(who=restricted)).banner.address


def test_a_silent_source_is_named():
    silent = [source for source in shown().banner.sources if source.silent]
    assert [source.title for source in silent] == ["Exampleton Council"]


def test_an_empty_panel_says_who_was_asked_and_who_was_not_heard():
    empty = panel("problems", opened([]))
    assert empty.empty == (
        "Nothing recorded by the 3 sources that answered; not heard from Exampleton Council"
    )


def test_an_empty_panel_never_says_none():
    for panel in shown(opened([])).panels:
        assert not panel.lines
        assert panel.empty
        assert "none" not in panel.empty.casefold().split()


def test_no_source_at_all_is_said_as_that():
    assert nothing((), NOW, withheld=0) == "Nothing recorded: no source has answered"


def test_an_empty_panel_with_something_withheld_says_so():
    assert "may not be shown" in panel("problems", opened([], withheld=2)).empty


def test_withheld_entries_are_indicated():
    assert shown(opened(withheld=1)).banner.withheld == "1 entry may not be shown to you"


def test_problems_that_are_so_come_before_those_suspected_and_those_over():
    said = texts(panel("problems"))
    assert said.index("Hypertension") < said.index("Carotid stenosis")
    assert said.index("Carotid stenosis") < said.index("Fracture of wrist")


def test_a_problem_ruled_out_or_wrong_is_not_on_the_first_screen():
    entries = [
        entry(Kind.CONDITION, "Gout", Condition(certainty="refuted"), status="refuted"),
        entry(Kind.CONDITION, "Cataract", Condition(), status="superseded"),
    ]
    problems = panel("problems", opened(entries))
    assert not problems.lines
    assert problems.total == 2


def test_stopped_medicines_are_counted_and_never_the_reason_for_an_empty_panel():
    stopped = [entry(Kind.MEDICINE, "Aspirin", Medicine(substance="Aspirin"), status="stopped")]
    assert panel("medicines", opened(stopped)).empty == "No current medicine is recorded; 1 stopped"


def test_differing_doses_are_marked():
    metformin = next(line for line in panel("medicines").lines if line.text.startswith("Metformin"))
    assert metformin.mark == "Doses differ"


def test_results_have_the_newest_value_at_the_right_of_those_before():
    potassium = panel("results").lines[0]
    assert (potassium.before, potassium.value) == ("4.8 5.1", "6.4 mmol/L")
    assert (potassium.mark, potassium.tone) == ("Very high", "danger")


def test_observations_say_how_old_they_are():
    pulse = next(line for line in panel("observations").lines if line.text == "Heart rate")
    assert pulse.note == "2 hours ago"


def test_blood_pressure_reads_as_people_say_it():
    detail = pressure("2026-03-01", "152", "88").detail
    assert isinstance(detail, Measure)
    assert said_value(detail) == "152/88 mmHg"


def test_a_trend_never_joins_values_in_different_units():
    one = measures(Kind.RESULT, "HbA1c", "c", "mmol/mol", [("2026-01-01", "48", "")])
    other = measures(Kind.RESULT, "HbA1c", "c", "%", [("2020-01-01", "6.5", "")])
    assert spark([*one, *other]) is None


def test_a_trend_of_equal_values_is_a_level_line():
    flat = measures(
        Kind.RESULT, "Sodium", "c", "mmol/L", [("2026-01-01", "138", ""), ("2025-01-01", "138", "")]
    )
    line = spark(flat)
    assert line
    assert {point.split(",")[1] for point in line.points.split()} == {"9.0"}


def test_a_trend_stays_in_its_box():
    values = [("2026-01-01", str(Decimal(n) ** 3), "") for n in range(12)]
    line = spark(measures(Kind.RESULT, "X", "c", "u", values))
    assert line
    for point in line.points.split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= 64
        assert 0 <= y <= 18


def test_an_item_known_to_be_about_the_person_is_said_to_be_so():
    item = replace(a_parked_item(), patient=1)
    [line] = panel("pending", opened(parked=(item,))).lines
    assert "about this person" in line.note
    assert "perhaps" not in line.note


def test_parked_items_are_on_the_first_screen_with_their_owner_and_age():
    pending = panel("pending", opened(parked=(a_parked_item(),)))
    assert "St Elsewhere Hospital" in pending.lines[0].note
    assert pending.lines[0].note.endswith("5 hours ago, with RX1")


def test_a_first_look_does_not_call_everything_new():
    assert panel("changed").empty.startswith("You have not looked")


def test_what_was_filed_since_the_last_look_is_new_or_changed():
    entries = [
        entry(Kind.CONDITION, "Stroke", Condition(), by=(said("acute", t=2),)),
        entry(Kind.CONDITION, "Gout", Condition(), by=(said("gp", n=2), said("acute", n=3, t=2))),
        entry(Kind.CONDITION, "Asthma", Condition(), by=(said("gp", n=4),)),
    ]
    seen = {said("acute").patient: 1, said("gp").patient: 1}
    last = replace(looked(), seen=seen)
    one = opened(entries)
    moved = replace(one, members=tuple(replace(member, t=2) for member in one.members))
    made = screen(moved, alerts=(), last=last, now=NOW)
    news = next(panel for panel in made.panels if panel.slug == "changed")
    assert [(line.text, line.mark) for line in news.lines] == [
        ("Stroke", "New"),
        ("Gout", "Changed"),
    ]


def test_sources_that_differ_on_who_this_is_are_pointed_out():
    other = Demographics(names=GRACE.names, born=PartialDate.parse("1984-03-02"))
    one = opened()
    assert one.record.who
    both = type(one.record.who)(
        best=GRACE, said_by=(*one.record.who.said_by, (said(kind="Patient", n=8), other))
    )
    differing = replace(one, record=msgspec.structs.replace(one.record, who=both))
    assert shown(differing).banner.demographics_differ == "Sources differ on date of birth"


def test_the_screen_of_a_very_long_record_is_as_short_as_any_other():
    small = render("clinician/screen.html", screen=shown(opened(many(500))), **BASE)
    large = render("clinician/screen.html", screen=shown(opened(many(10_000))), **BASE)
    assert len(large) < len(small) * 1.2
    assert len(large) < 60_000


BASE = {"persona": None, "form_token": "", "now": NOW, "given": ""}


def test_words_from_a_source_cannot_become_markup():
    nasty = '"><script>alert(1)</script>'
    entries = [
        entry(Kind.CONDITION, nasty, Condition(side=nasty), conflict=nasty),
        entry(Kind.ALERT, nasty, Condition()),
    ]
    page = render("clinician/screen.html", screen=shown(opened(entries)), **BASE)
    assert "<script" not in page
    assert 'href="">' not in page


@pytest.mark.parametrize(
    ("page", "first", "rows"),
    [("1", "1 to 50", 50), ("2", "51 to 100", 50), ("999", "101 to 110", 10), ("x", "1 to 50", 50)],
)
def test_a_list_is_read_a_page_at_a_time(page, first, rows):
    entries = [entry(Kind.CONDITION, f"Problem {n}", Condition()) for n in range(110)]
    shown = listing(opened(entries), Kind.CONDITION, Links(base="/p"), words="", page=page)
    assert shown.says.startswith(first)
    assert len(shown.rows) == rows <= PAGE


def test_a_list_can_be_narrowed_to_some_words():
    shown = listing(opened(), Kind.MEDICINE, Links(base="/p"), words=" METFORMIN ", page="1")
    assert [row.line.text for row in shown.rows] == ["Metformin 500 mg tablets"]


def test_a_list_with_no_such_words_does_not_say_that_there_is_nothing():
    shown = listing(opened(), Kind.MEDICINE, Links(base="/p"), words="zzz", page="1")
    assert shown.says == "None of 9 entries has those words"


def test_every_entry_is_on_some_page_of_some_list():
    everything = busy_entries()
    keys = set()
    for kind in Kind:
        for row in listing(opened(), kind, Links(base="/p"), words="", page="1").rows:
            keys.add(row.line.href)
    assert len(keys) == len(everything)


@pytest.mark.parametrize(
    ("born", "said"),
    [("2026-02-20", "1 week"), ("2024-09-02", "18 months"), ("1948", "about 78 years")],
)
def test_ages_are_as_clinicians_write_them(born, said):
    date = PartialDate.parse(born)
    assert date
    assert words.age(date, NOW.date()) == said


def test_an_unverified_number_says_what_is_known_of_it():
    who = Demographics(nhs_number=NhsNumber("9990000018"), nhs_status="02")
    banner = shown(opened(who=who)).banner
    assert not banner.number_verified
    assert banner.number_status == "present, not verified"
