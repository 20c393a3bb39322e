"""The region is the same for the same seed, and nobody and nowhere in it is real."""

import re
from datetime import timedelta

from tests.unit.demo_region import TODAY, region
from wholerecord.consent import Role
from wholerecord.demo import STORIES, Chosen, make, write
from wholerecord.demo.casting import Casting
from wholerecord.demo.tables import rows
from wholerecord.intake.csv.columns import Columns
from wholerecord.nhs import NhsNumber, postcode


def test_the_same_seed_and_day_give_the_same_bytes():
    again = make(seed=1, people=70, today=TODAY)
    assert [each.body for each in again.deliveries] == [each.body for each in region().deliveries]
    assert again == region()


def test_another_seed_gives_other_people_and_the_same_stories():
    other = make(seed=2, people=70, today=TODAY)
    assert len(other.truth["people"]) == 70
    assert other.truth["people"] != region().truth["people"]
    told = [len(other.truth[part]) for part in ("events", "conflicts", "merged", "parked")]
    assert told == [
        len(region().truth[part]) for part in ("events", "conflicts", "merged", "parked")
    ]


def test_every_persons_nhs_number_is_valid_of_the_range_never_issued_and_theirs_alone():
    numbers = [person["nhs_number"] for person in region().truth["people"]]
    assert all(number.startswith("999") and NhsNumber.parse(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_no_message_holds_any_other_nhs_number_but_the_mistyped_one():
    known = {person["nhs_number"] for person in region().truth["people"]}
    said = {
        match.decode()
        for delivery in region().deliveries
        for match in re.findall(rb"(?<![\d-])999\d{7}(?!\d)", delivery.body)
    }
    (mistyped,) = said - known
    assert NhsNumber.parse(mistyped) is None


def test_telephones_are_of_the_ranges_kept_for_drama_and_mail_goes_to_example_org():
    text = b"\n".join(delivery.body for delivery in region().deliveries).decode()
    phones = set(re.findall(r"\b0(?:113|77\d\d|7\d{3})[ \d]{7,9}", text))
    assert phones
    assert all(re.fullmatch(r"0113 496 0\d{3}|07700 900\d{3}", phone.strip()) for phone in phones)
    assert {mail.rsplit("@")[1] for mail in re.findall(r"[\w.-]+@[\w.-]+", text)} == {"example.org"}


def test_postcodes_have_the_form_of_postcodes_in_districts_that_do_not_exist():
    casting = Casting(5, TODAY)
    homes = [casting.home() for _ in range(50)]
    assert all(postcode(home.postcode) == home.postcode for home in homes)
    assert all(71 <= int(row["district"].removeprefix("LS")) <= 75 for row in rows("places"))


def test_messages_are_in_the_order_they_were_sent_and_none_before_it_was_so():
    sent = [delivery.sent for delivery in region().deliveries]
    assert sent == sorted(sent)
    assert max(sent).date() <= TODAY
    names = [delivery.name for delivery in region().deliveries]
    assert len(set(names)) == len(names)


def test_six_sources_send_each_by_its_own_doors():
    doors: dict[str, set[str]] = {}
    for delivery in region().deliveries:
        doors.setdefault(delivery.source, set()).add(delivery.door)
    assert doors == {
        "aireborough-gp": {"post"},
        "aireborough-hospital": {"mllp", "post"},
        "chevin-mental-health": {"post"},
        "wharfe-pharmacies": {"post"},
        "wharfedale-social-care": {"file"},
        "hearth-home-devices": {"post"},
    }
    assert {source.name for source in region().sources} == set(doors)
    (table,) = (source for source in region().sources if source.columns)
    assert Columns.parse(table.columns).person.nhs_number == "NHS Number"


def test_only_the_mental_health_trust_has_gone_silent():
    last = {delivery.source: delivery.sent.date() for delivery in region().deliveries}
    silent = {
        source.name
        for source in region().sources
        if source.expected and TODAY - last[source.name] > source.expected
    }
    assert silent == {each["source"] for each in region().truth["silent"]}
    assert silent == {"chevin-mental-health"}
    assert TODAY - last["chevin-mental-health"] >= timedelta(days=23)


def test_users_are_one_for_each_role_and_patients_are_people_of_the_region():
    users = region().users
    assert {user.role for user in users} == set(Role) - {Role.SYSTEM}
    assert len({user.id for user in users}) == len(users)
    known = {person["nhs_number"] for person in region().truth["people"]}
    assert sum(user.role is Role.PATIENT for user in users) == 3
    assert all(user.nhs_number in known for user in users if user.role is Role.PATIENT)
    controllers = {source.controller for source in region().sources}
    at_work = {Role.DOCTOR, Role.GP, Role.NURSE, Role.PHARMACIST, Role.SOCIAL_WORKER}
    assert all(user.organisation in controllers for user in users if user.role in at_work)


def test_choices_name_people_of_the_region_and_carers_who_can_sign_in():
    known = {person["nhs_number"] for person in region().truth["people"]}
    carers = {user.id: {number for number, _ in user.cares_for} for user in region().users}
    assert {choice.chosen for choice in region().choices} == set(Chosen)
    for choice in region().choices:
        assert choice.nhs_number in known
        assert choice.reason
        if choice.chosen is Chosen.CARER:
            assert choice.nhs_number in carers[choice.carer]


def test_every_story_names_somebody_of_the_region_or_a_desk():
    families = {person["name"].split()[-1] for person in region().truth["people"]}
    assert len({story.id for story in STORIES}) == len(STORIES)
    for story in STORIES:
        words = set(re.findall(r"[A-Z][a-z]+", story.who))
        assert words & families or story.who.startswith("the desk"), story.id


def test_the_region_can_be_written_to_a_folder(tmp_path):
    small = make(seed=3, people=1, today=TODAY)
    write(small, tmp_path / "region")
    written = sorted((tmp_path / "region").rglob("*.*"))
    assert len(written) == len(small.deliveries) + 2
    first = next(path for path in written if path.name.startswith("000001-"))
    assert first.read_bytes() == small.deliveries[0].body
    assert (tmp_path / "region" / "truth.json").read_bytes().startswith(b"{")
