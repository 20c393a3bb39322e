"""`wholerecord people links`: who a person is made of, and was at any past time."""

import asyncio
import json
import sys
from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests.e2e.deliveries import bundle
from tests.unit.door_site import send, site
from tests.unit.test_whereabouts import living
from wholerecord.cli.people.links import links
from wholerecord.errors import NotFound


@pytest.fixture
def told(monkeypatch):
    """What the command prints over a store in memory, where somebody was joined to another."""
    runner = asyncio.Runner()
    way, person = runner.run(site(bundle(living("p1", restricted=False))))
    other = living("p2", restricted=False) | {"identifier": [], "birthDate": "1999-01-02"}
    runner.run(send(way, bundle(other), "other"))
    [second] = [one for one in runner.run(way.store.people()) if one != person]
    [member] = runner.run(way.store.members(second))
    joined = runner.run(way.store.join(member.patient, person, by="gov-1", why="the same"))
    module = sys.modules["wholerecord.cli.people.links"]
    monkeypatch.setattr(module, "on_store", lambda work: runner.run(work(way.store)))
    before = joined.at - timedelta(microseconds=1)

    def run(*words):
        result = CliRunner().invoke(links, [str(word) for word in words])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.output

    with runner:
        yield run, person, before.isoformat()


def test_what_was_known_at_a_past_time_leaves_out_what_was_decided_since(told):
    run, person, before = told

    now = json.loads(run(person, "--json"))
    then = json.loads(run(person, "--as-of", before, "--json"))

    assert [event["act"] for event in now["events"]] == ["link", "join"]
    assert [member["source"] for member in now["members"]] == ["other", "pas"]
    assert [event["act"] for event in then["events"]] == ["link"]
    assert [member["source"] for member in then["members"]] == ["pas"]


def test_the_list_says_who_decided_and_why_and_names_nobody(told):
    run, person, before = told

    said = run(person) + run(person, "--as-of", before)

    assert "join patient" in said
    assert "by gov-1" in said
    assert said.count("of pas, up to 1") == 2
    assert said.count("of other, up to 1") == 1
    assert "Example" not in said


def test_before_anybody_was_the_person_there_is_nobody(told):
    run, person, _ = told

    assert run(person, "--as-of", "2001-01-01") == "nobody was this person then\n"


def test_somebody_who_never_was_is_said_to_be_nobody(told):
    run, _, _ = told

    with pytest.raises(NotFound):
        run("0" * 32)
