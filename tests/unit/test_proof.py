"""Proofs that a log holds what it is said to hold, and what finds that it does not."""

import hashlib
import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tests.e2e.deliveries import bundle, patient
from tests.unit.door_site import NUMBER, actor, site
from tests.unit.door_web import application_of, carer_allowed, client
from wholerecord.access import Refused
from wholerecord.access.evidence import Evidence
from wholerecord.audit import Frontier, Sealer, leaf, prove, public_bytes, signing_key, wrong_with
from wholerecord.audit.proof import consistency, inclusion, split_of
from wholerecord.consent import Purpose, Role

LEAVES = [
    bytes.fromhex(text)
    for text in (
        *("", "00", "10", "2021", "3031", "40414243"),
        *("5051525354555657", "606162636465666768696a6b6c6d6e6f"),
    )
]
OWN = Purpose.OWN_RECORD


def hashes_of(leaves):
    def mth(low, high):
        if high - low == 1:
            return prove.leaf_hash(leaves[low])
        middle = low + split_of(high - low)
        return prove.node_hash(mth(low, middle), mth(middle, high))

    return mth


# The proofs that certificate transparency implementations test with, over the same eight leaves.
@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 1, []),
        (0, 8, ["96a296d224f285c6", "5f083f0a1a33ca07", "6b47aaf29ee3c2af"]),
        (5, 8, ["bc1a0643b12e4d2d", "ca854ea128ed050b", "d37ee418976dd957"]),
        (2, 3, ["fac54203e7cc696c"]),
        (1, 5, ["6e340b9cffb37a98", "5f083f0a1a33ca07", "bc1a0643b12e4d2d"]),
    ],
)
def test_the_published_inclusion_proofs(index, size, path):
    made = inclusion(index, size, hashes_of(LEAVES))
    assert [each.hex()[:16] for each in made] == path
    root = Frontier(LEAVES[:size]).root()
    assert prove.includes(root, size, index, LEAVES[index], made)


@pytest.mark.parametrize(
    ("older", "size", "path"),
    [
        (1, 1, []),
        (1, 8, ["96a296d224f285c6", "5f083f0a1a33ca07", "6b47aaf29ee3c2af"]),
        (6, 8, ["0ebc5d3437fbe2db", "ca854ea128ed050b", "d37ee418976dd957"]),
        (2, 5, ["5f083f0a1a33ca07", "bc1a0643b12e4d2d"]),
    ],
)
def test_the_published_consistency_proofs(older, size, path):
    made = consistency(older, size, hashes_of(LEAVES))
    assert [each.hex()[:16] for each in made] == path
    roots = Frontier(LEAVES[:older]).root(), Frontier(LEAVES[:size]).root()
    assert prove.extends(roots[0], older, roots[1], size, made)


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=40), st.data())
def test_every_proof_holds_and_none_holds_for_another_tree(leaves, data):
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    older = data.draw(st.integers(1, size))
    root, mth = Frontier(leaves).root(), hashes_of(leaves)
    path = inclusion(index, size, mth)
    assert prove.includes(root, size, index, leaves[index], path)
    assert not prove.includes(root, size, index, leaves[index] + b"x", path)
    assert not prove.includes(root, size, index, leaves[index], [*path, root])
    before = Frontier(leaves[:older]).root()
    since = consistency(older, size, mth)
    assert prove.extends(before, older, root, size, since)
    other = Frontier([*leaves[: older - 1], leaves[older - 1] + b"x"]).root()
    assert not prove.extends(other, older, root, size, since)
    if since:
        assert not prove.extends(before, older, root, size, since[:-1])


# RFC 8032, section 7.1, tests 1 to 3.
@pytest.mark.parametrize(
    ("secret", "message"),
    [
        ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", ""),
        ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "72"),
        ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "af82"),
    ],
)
def test_the_published_signatures(secret, message):
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    said = bytes.fromhex(message)
    signature = key.sign(said)
    assert prove.is_signed(public_bytes(key), said, signature)
    assert not prove.is_signed(public_bytes(key), said + b"x", signature)
    assert not prove.is_signed(public_bytes(key), said, signature[:32] + bytes(32))


@pytest.fixture
async def given_out(tmp_path):
    """The evidence of somebody among many, after several seals; and what was published."""
    way, person = await site(bundle(patient("p1", NUMBER)))
    key, published = signing_key(tmp_path / "key"), tmp_path / "seals.log"
    way.sealed_by = public_bytes(key)
    sealer = Sealer(way.store, key, published)
    doctor, me = way.door(actor(Role.DOCTOR)), way.door(actor(Role.PATIENT, person=person))
    for n in range(300):
        await doctor.open(person if n % 3 == 0 else "f" * 32, purpose=Purpose.DIRECT_CARE)
        if n % 70 == 0:
            await sealer.seal()
    assert isinstance(await me.evidence(person, purpose=OWN), Evidence)
    await sealer.seal()
    found = await me.evidence(person, purpose=OWN, since=[71])
    assert isinstance(found, Evidence)
    assert (len(found.openings), found.unsealed) == (101, 1)
    return found.as_json(), published.read_text().splitlines(), (way, person)


def proved_alone(folder, evidence, published):
    """What the script says when it is all there is: no packages, no environment."""
    file, seals, alone = folder / "e.json", folder / "held.log", folder / "prove.py"
    file.write_text(json.dumps(evidence))
    seals.write_text("\n".join(published) + "\n")
    alone.write_text(Path(prove.__file__).read_text())
    words = [sys.executable, "-I", "-S", alone, file, seals]
    return subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - ours


async def test_the_list_a_person_was_given_proves_itself(given_out, tmp_path):
    evidence, published, _ = given_out
    assert wrong_with(evidence) == []
    assert wrong_with(evidence, published) == []
    ended = proved_alone(tmp_path, evidence, published[:3])
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "101 openings" in ended.stdout
    ended = proved_alone(tmp_path, changed(evidence, openings=evidence["openings"][1:]), published)
    assert (ended.returncode, ended.stdout) == (1, "")


def changed(evidence, **more):
    return json.loads(json.dumps(evidence)) | more


async def test_whatever_is_changed_in_the_evidence_is_found(given_out):
    evidence, published, _ = given_out
    shown = evidence["openings"]
    edited = [dict(shown[0], leaf=shown[0]["leaf"].replace("Some One", "Nobody")), *shown[1:]]
    assert "is not in the sealed log" in wrong_with(changed(evidence, openings=edited))[0]
    left_out = [*shown[:40], *shown[41:]]
    assert wrong_with(changed(evidence, openings=left_out)) == [
        "openings of this record are left out"
    ]
    moved = [shown[1], shown[0], *shown[2:]]
    assert "order" in wrong_with(changed(evidence, openings=moved))[0]
    assert "somebody else" in wrong_with(changed(evidence, person="e" * 32))[0]
    assert "signed" in wrong_with(changed(evidence, key="00" * 32))[0]
    assert "damaged" in wrong_with({})[0]
    assert "damaged" in wrong_with(changed(evidence, openings=[{"leaf": 7}]))[0]
    rebuilt = [line.replace(line.split()[1], hashlib.sha256(b"").hexdigest()) for line in published]
    assert "does not begin with" in wrong_with(evidence, rebuilt[:2])[0]
    assert "ask for one" in wrong_with(evidence, ["2 " + "00" * 32 + " x y"])[0]


async def test_a_carer_gets_no_evidence_for_it_says_what_others_looked_at(given_out):
    _, _, (way, person) = given_out
    await carer_allowed(way, person)
    refused = await way.door(actor(Role.CARER)).evidence(person, purpose=OWN)
    assert isinstance(refused, Refused)


async def test_the_file_is_given_on_the_persons_page(given_out):
    _, published, (way, person) = given_out
    async with client(application_of(way, person), "PATIENT") as browser:
        answer = await browser.get("/me/who-looked/evidence?since=71")
        assert wrong_with(answer.json(), published) == []
        assert (await browser.get("/me/who-looked/evidence?since=x")).status_code == 400


async def test_openings_of_a_person_are_counted_from_one(given_out):
    _, _, (way, person) = given_out
    looks = await way.store.openings_of(person, limit=1000)
    assert [look.nth for look in looks] == list(range(len(looks), 0, -1))
    assert replace(looks[0], nth=0) != looks[0]


async def test_what_is_sealed_is_every_field_in_the_order_of_their_names(given_out):
    _, _, (way, _) = given_out
    for opening in await way.store.openings(limit=5):
        every = asdict(opening) | {"at": opening.at.isoformat()}
        counted = {name: value for name, value in every.items() if name != "nth" or value}
        said = json.dumps(counted, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert leaf(opening) == said.encode()
    [*_, last] = await way.store.openings(limit=5)
    assert b"nth" not in leaf(replace(last, nth=0))
