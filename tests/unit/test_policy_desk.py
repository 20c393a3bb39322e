"""The rules of joining at the desk: read by all, proposed in a file, signed by another, undone."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.unit.portal_site import Browser, Region, region
from tests.unit.test_policy import changed
from tests.unit.test_portal_pages import token
from wholerecord.access.policy_changes import compare_waiting
from wholerecord.fold.policy import POLICY
from wholerecord.fold.policy_check import LONGEST, check_policy

WHY = "the stroke lead asked for it"


@pytest.fixture
def here() -> Iterator[Region]:
    made = region()
    with made.runner:
        yield made


def propose(client: Browser, body: bytes, why: str = WHY):
    page = client.get("/desk/policy").text
    files = {"file": ("policy.json", body, "application/json")}
    return client.post("/desk/policy", data={"form": token(page), "why": why}, files=files)


def ours(**values) -> bytes:
    return json.dumps(changed(**values)).encode()


def test_everybody_signed_in_reads_the_rules_with_their_sources_and_owners(here: Region):
    for who in ("doctor", "governance", "grace"):
        page = here.client(who).get("/rules").text
        assert "WHO MONICA Project" in page
        assert "General practice lead" in page
        assert "120 days" in page
        assert "By nobody here" in page
        assert "Demonstration rules until a clinical safety officer signs them" in page
    kept = here.client("doctor").get("/rules/file")
    assert check_policy(kept.content).digest == POLICY.digest


def test_a_policy_is_proposed_compared_signed_by_another_and_undone(here: Region):
    ann, bob = here.client("governance"), here.client("safety")
    body = ours(conditions_acute__days_stroke=0, conditions_echo__days=0)
    after = propose(ann, body)
    assert "Not compared yet" in after.text
    assert "28 days" in after.text
    assert "Sign it" not in after.text
    assert here.runner.run(compare_waiting(here.store)) == 1

    own = ann.get("/desk/policy/1").text
    assert "somebody else signs it" in own
    seen = bob.get("/desk/policy/1").text
    assert re.search(r"\d+ records? of \d+ would change", seen)
    digest = re.search(r'name="changes" value="(\w+)"', seen)
    assert digest
    sent = {"form": token(seen), "changes": digest[1], "why": WHY}
    refused = ann.post(
        "/desk/policy/1/sign", data=sent | {"form": token(ann.get("/desk/policy").text)}
    )
    assert refused.status_code == 403
    assert "in force" in bob.post("/desk/policy/1/sign", data=sent).text
    rules = here.client("doctor").get("/rules").text
    assert "ours 1" in rules
    assert WHY in rules

    page = ann.get("/desk/policy").text
    back = ann.post("/desk/policy/undo", data={"form": token(page), "n": "1", "why": WHY})
    assert "was in force" in back.text
    assert "as it is shipped" in back.text


def test_a_file_that_cannot_be_used_is_answered_with_what_is_wrong_and_where(here: Region):
    client = here.client("governance")
    for body, says in (
        (b"", "Choose the file"),
        (b"{", "The policy cannot be used"),
        (ours(conditions_echo__days=-1), "conditions.echo-days"),
        (b" " * (LONGEST + 1), "Keep the file under"),
    ):
        answer = propose(client, body)
        assert (answer.status_code, says in answer.text) == (400, True), says
    assert propose(client, ours(), why="no").status_code == 400
    assert here.runner.run(here.store.policy_proposals()) == []


def test_a_doctor_reads_the_rules_and_changes_none(here: Region):
    client = here.client("doctor")
    assert client.get("/desk/policy").status_code == 403
    page = client.get("/rules").text
    files = {"file": ("policy.json", ours())}
    answer = client.post("/desk/policy", data={"form": token(page), "why": WHY}, files=files)
    assert answer.status_code == 403
    assert here.runner.run(here.store.policy_proposals()) == []


def test_the_form_is_taken_from_our_own_pages_only(here: Region):
    client = here.client("governance")
    files = {"file": ("policy.json", ours())}
    sent = {"form": "none", "why": WHY}
    assert client.post("/desk/policy", data=sent, files=files).status_code == 403
    away = {"origin": "https://elsewhere.example"}
    page = client.get("/desk/policy").text
    sent = {"form": token(page), "why": WHY}
    assert client.post("/desk/policy", data=sent, files=files, headers=away).status_code == 403
