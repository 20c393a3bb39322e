"""What somebody wrote, and what is of a time, is hidden: that, all of it, and nothing else."""

from datetime import UTC, date, datetime

import pytest

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, actor, send, site
from tests.unit.door_web import application_of, client
from tests.unit.test_choices import post
from wholerecord.access import Opened
from wholerecord.access.explain import Audience, Sees
from wholerecord.access.marks import marks_of
from wholerecord.consent import Purpose, Role, Rule
from wholerecord.consent.period import BadPeriod, Period
from wholerecord.consent.plain import subject
from wholerecord.consent.wish import Act, What, Wish, in_words
from wholerecord.fold import Entry, Kind, Negative, Plain, Said, Unfolded
from wholerecord.nhs import PartialDate
from wholerecord.record import MessageId, PatientId

CARE, OWN = Purpose.DIRECT_CARE, Purpose.OWN_RECORD
BYRON = {"asserter": {"display": "Dr Ada BYRON"}}
YEARS = Period(first=date(2010, 1, 1), last=date(2012, 6, 30))


def of(id, words, when, **more):
    return condition(id, "p1", code={"text": words}, onsetDateTime=when, **more)


async def world():
    way, person = await site(
        bundle(
            patient("p1", NUMBER),
            of("c1", "Migraine", "2011-03", **BYRON),
            of("c2", "Eczema", "2009-12-31"),
            of("c3", "Gout", "2012"),
        )
    )
    await send(way, bundle(patient("p1", NUMBER), of("c4", "Migraine", "2011-03-09")), "gp")
    return way, person, way.door(actor(Role.PATIENT, person=person))


async def titles(way, person, role=Role.NURSE, purpose=CARE):
    """What somebody sees, and from how many sources."""
    me = person if role is Role.PATIENT else None
    opened = await way.door(actor(role, person=me)).open(person, purpose=purpose)
    assert isinstance(opened, Opened)
    return {entry.title: len(entry.said_by) for entry in opened.record.entries}


def hide(**more):
    return Wish(act=Act.HIDE, **more)


async def test_what_somebody_wrote_is_hidden_and_what_others_say_of_the_same_stays():
    way, person, me = await world()
    whole = {"Migraine": 2, "Eczema": 1, "Gout": 1}
    assert await titles(way, person) == whole
    decided = await me.decided(person)
    assert decided.authors == ("Dr Ada BYRON",)
    await me.prefer(person, hide(what=What.AUTHOR, which=("dr  ada byron",)))
    assert await titles(way, person) == whole | {"Migraine": 1}
    assert await titles(way, person, Role.PATIENT, OWN) == whole


@pytest.mark.parametrize(
    ("period", "left"),
    [
        (YEARS, {"Eczema"}),
        (Period(last=date(2009, 12, 31)), {"Migraine", "Gout"}),
        (Period(first=date(2012, 12, 31)), {"Migraine", "Eczema"}),
        (Period(first=date(2013, 1, 1)), {"Migraine", "Eczema", "Gout"}),
        (Period(first=date(2011, 3, 9), last=date(2011, 3, 9)), {"Eczema", "Gout"}),
        (Period(first=date(2011, 3, 8), last=date(2011, 3, 8)), {"Migraine", "Eczema", "Gout"}),
    ],
)
async def test_what_began_in_a_time_is_hidden_whoever_says_it(period, left):
    way, person, me = await world()
    await me.prefer(person, hide(period=period))
    assert set(await titles(way, person)) == left
    assert len(await titles(way, person, Role.PATIENT, OWN)) == 3


async def test_a_kind_of_a_time_is_hidden_and_other_kinds_are_not():
    way, person, me = await world()
    await me.prefer(person, hide(what=What.KIND, which=("allergy",), period=YEARS))
    assert len(await titles(way, person)) == 3
    await me.prefer(person, hide(what=What.KIND, which=("condition",), period=YEARS))
    assert set(await titles(way, person)) == {"Eczema"}


async def test_a_rule_for_everybody_about_a_time_holds_for_whom_it_names():
    way, person, _ = await world()
    rule = Rule(allow=False, purpose=CARE, role=Role.NURSE, period=YEARS, reason="agreed")
    await way.store.add_rule(rule)
    assert set(await titles(way, person)) == {"Eczema"}
    assert len(await titles(way, person, Role.DOCTOR)) == 3


async def test_who_asks_why_is_told_of_the_author_and_the_time():
    _, person, me = await world()
    opened = await me.open(person, purpose=OWN)
    assert isinstance(opened, Opened)
    keys = {entry.title: entry.key for entry in opened.record.entries}
    await me.prefer(person, hide(what=What.AUTHOR, which=("Dr Ada Byron",)))
    await me.prefer(person, hide(period=Period(first=date(2012, 1, 1)), emergency=True))
    nurse = Audience(role=Role.NURSE)
    for title, sees, why in (
        ("Gout", Sees.NO, "the person decided that it is not shown (everything since 1 Jan 2012)"),
        ("Migraine", Sees.YES, None),  # the practice says it too
    ):
        found = await me.explain(person, purpose=OWN, key=keys[title], audience=nurse)
        [line] = found.lines
        assert line.sees is sees
        assert why is None or line.why == why


async def test_the_page_asks_for_the_days_and_says_what_changes():
    way, person, _ = await world()
    async with client(application_of(way, person), "PATIENT") as browser:
        page = (await browser.get("/me/choices")).text
        assert '<option value="author:Dr Ada BYRON">What Dr Ada BYRON wrote</option>' in page
        asked = {
            "act": "hide",
            "part": "everything:",
            "first": "2010-01-01",
            "last": "2012-06-30",
            "role": "nurse",
        }
        page = (await post(browser, "/me/choices/consider", **asked)).text
        assert "sees 1 of your 3 lines, and now sees all 3 lines" in page
        assert (await post(browser, "/me/choices", **asked)).status_code == 303
        page = (await browser.get("/me/choices")).text
        assert "Hide my record from 1 Jan 2010 to 30 Jun 2012 from nurses" in page
    assert set(await titles(way, person)) == {"Eczema"}


def said(when="", recorded="", *, by="", words="x", source="gp", n=1):
    return Said(
        PatientId(1),
        n,
        0,
        source,
        "Condition",
        f"c{n}",
        MessageId(1),
        "",
        datetime(2026, 1, 1, tzinfo=UTC),
        PartialDate.parse(recorded),
        PartialDate.parse(when),
        words,
        (),
        "",
        by,
    )


def entry(*said_by, when="", until="", kind=Kind.MEDICINE):
    dates = (PartialDate.parse(when), PartialDate.parse(until))
    return Entry(kind, "", None, *dates, "", said_by, "", Plain())


def test_of_what_began_at_another_time_what_is_dated_then_is_taken_alone():
    marks = marks_of(frozenset({f"period:{YEARS.text}"}))
    first, then, later = said("1995"), said("2011-05", n=2), said("", "2011-06-01", n=3)
    line = entry(first, then, later, when="1995")
    assert not marks.withholds(line)
    assert not marks.silence(line)
    assert [marks.takes_alone(line, one) for one in (first, then, later)] == [False, True, True]
    assert marks.silence(entry(then, later, when=""))
    assert marks.withholds(entry(first, when="2011"))


@pytest.mark.parametrize(
    ("when", "until", "of_it"),
    [
        ("2009-12-31", "2010-01-01", True),
        ("2009-12-31", "2009-12-31", False),
        ("2009-12-31", "", False),
        ("2012-06-30", "2012-07-09", True),
        ("2009-12-31", "2010", True),
    ],
)
def test_a_stay_that_lasted_into_a_time_is_of_it(when, until, of_it):
    marks = marks_of(frozenset({f"period:{YEARS.text}"}))
    stay = entry(said(when), when=when, until=until, kind=Kind.ENCOUNTER)
    assert marks.withholds(stay) is of_it
    assert marks.withholds(entry(said(when), when=when, until=until)) is (when > "2010")


def test_what_nobody_can_read_is_withheld_with_any_author_and_any_time():
    unread = Unfolded(said=said(words=""), why="")
    told = Unfolded(said=said("2001", words="told"), why="")
    for name in ("author:dr ada byron", f"period:{YEARS.text}"):
        marks = marks_of(frozenset({name}))
        assert marks.withholds(unread)
        assert not marks.withholds(told)
    ours = marks_of(frozenset({f"period:{YEARS.text} source:gp"}))
    assert ours.withholds(Unfolded(said=said("2011"), why=""))
    assert not ours.withholds(Unfolded(said=said("2011", source="pas"), why=""))


def test_that_there_is_none_is_of_the_day_it_was_said_and_of_who_said_it():
    none = Negative(kind=Kind.ALLERGY, title="", said=said("", "2011-01-01", by="Dr Ada; Dr Ben"))
    assert marks_of(frozenset({f"period:{YEARS.text}"})).withholds(none)
    assert not marks_of(frozenset({f"period:{YEARS.text} kind:result"})).withholds(none)
    by_author = marks_of(frozenset({"author:dr ben"}))
    assert by_author.takes_alone(none, none.said)
    assert not marks_of(frozenset({"author:dr"})).takes_alone(none, none.said)


def test_a_time_narrows_every_other_part():
    line = entry(
        said("2011", source="gp", by="Dr Ada"), said("2015", source="gp", n=2), when="2000"
    )
    inside, outside = line.said_by
    for thing in ("source:gp", "author:dr ada", "kind:medicine"):
        marks = marks_of(frozenset({f"period:{YEARS.text} {thing}"}))
        assert marks.takes_alone(line, inside)
        assert not marks.takes_alone(line, outside)
        assert not marks.only_labels
    assert not marks_of(frozenset({f"period:{YEARS.text} sealed"})).withholds(line)


@pytest.mark.parametrize("days", [{}, {"first": date(2012, 1, 2), "last": date(2012, 1, 1)}])
def test_a_time_without_days_or_the_wrong_way_round_is_none(days):
    with pytest.raises(BadPeriod):
        Period(**days)


def test_each_says_in_words_what_it_is_about():
    rule = Rule(allow=False, purpose=CARE, reason="", author="Dr Ada", period=YEARS)
    assert subject(rule) == "what Dr Ada wrote from 1 Jan 2010 to 30 Jun 2012"
    wish = hide(what=What.AUTHOR, which=("Dr Ada",), period=Period(last=date(2012, 1, 1)))
    assert in_words(wish) == "Hide what Dr Ada wrote until 1 Jan 2012 from everybody"
