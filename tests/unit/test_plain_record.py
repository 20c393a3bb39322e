"""A person's record in plain words."""

from tests.unit.portal_records import NOW, busy_entries, opened
from wholerecord.fold import Kind
from wholerecord.portal.patient.plain import Section, sections
from wholerecord.portal.shared.links import Links


def section(*, of: Kind, allergies: bool = True) -> Section:
    entries = [one for one in busy_entries() if allergies or one.kind is not Kind.ALLERGY]
    found = sections(opened(entries), Links(base="/me"), NOW.date())
    return next(one for one in found if one.slug == of.value)


def test_who_wrote_that_there_is_none_is_shown_with_the_date_and_their_words():
    allergies = section(of=Kind.ALLERGY, allergies=False)
    assert allergies.lines == ()
    [denial] = allergies.denials
    assert denial.source == "St Elsewhere Hospital"
    assert (denial.original, denial.when) == ("No known allergies", "18 Feb 2026")


def test_that_there_is_none_stands_beside_an_allergy_and_never_instead():
    allergies = section(of=Kind.ALLERGY)
    assert allergies.lines
    assert allergies.denials
    assert section(of=Kind.CONDITION).denials == ()
