"""The sealed log: what changes it is found."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholerecord.audit import (
    Frontier,
    Leaf,
    Opening,
    Seal,
    Sealer,
    Tile,
    Tiles,
    leaf,
    prove,
    signing_key,
    verify,
)
from wholerecord.record import PatientId, PersonId


def test_the_published_vectors_of_a_merkle_tree():
    # The eight leaves that certificate transparency implementations test with (RFC 9162 trees).
    leaves = [
        bytes.fromhex(text)
        for text in (
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        )
    ]
    roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    tree = Frontier()
    for each, root in zip(leaves, roots, strict=True):
        tree.append(each)
        assert tree.root().hex() == root


def _naive(leaves):
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + _naive(leaves[:split]) + _naive(leaves[split:])).digest()


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40))
def test_growing_gives_the_same_root_as_building(leaves):
    assert Frontier(leaves).root() == _naive(leaves)


class Paper:
    """A log on paper: what a store promises, and a hand that can tamper."""

    def __init__(self):
        self.written: list[Opening] = []
        self.kept: list[Seal] = []
        self.remembered: list[Tile] = []
        self.asked: list[int] = []

    async def leaves(self, *, after=0, limit=1000):
        self.asked.append(after)
        found = [one for one in self.written if one.n > after][:limit]
        return [Leaf(one.n, one.person, one.nth, leaf(one)) for one in found]

    async def add_tiles(self, tiles):
        self.remembered += tiles

    async def forget_tiles(self):
        self.remembered = []

    async def tiles(self):
        return self.remembered

    async def add_seal(self, seal):
        self.kept.append(seal)

    async def seals(self):
        return self.kept


def opening(n):
    return Opening(
        n=n,
        at=datetime(2026, 3, 2, 10, n % 60, tzinfo=UTC),
        actor="dr-a",
        name="Dr A",
        role="doctor",
        organisation="RXX",
        purpose="direct care",
        view="record",
        part="",
        person=PersonId("a" * 32),
        allowed=True,
        rule=1,
        reason="direct care",
        given="",
        seen={PatientId(7): 3},
    )


@pytest.fixture
def sealed(tmp_path):
    """A log of six openings sealed at three and at five, its key and its published seals."""
    log, key, published = Paper(), signing_key(tmp_path / "seal.key"), tmp_path / "seals.log"

    async def write():
        sealer = Sealer(log, key, published)
        for until in (3, 5):
            while len(log.written) < until:
                log.written.append(opening(len(log.written) + 1))
            assert await sealer.seal() is not None
        assert await sealer.seal() is None
        log.written.append(opening(6))

    asyncio.run(write())
    return log, key.public_key(), published


async def test_a_whole_log_verifies_and_says_what_is_not_sealed_yet(sealed):
    found = await verify(*sealed)
    assert (found.openings, found.seals, found.unsealed, found.broken) == (6, 2, 1, "")


async def test_a_changed_opening_is_found(sealed):
    log, key, published = sealed
    log.written[1] = replace(log.written[1], actor="somebody else")
    assert (await verify(log, key, published)).broken


async def test_a_removed_opening_is_found(sealed):
    log, key, published = sealed
    del log.written[1]
    assert (await verify(log, key, published)).broken


async def test_a_log_cut_short_is_found(sealed):
    log, key, published = sealed
    del log.written[3:]
    assert "missing" in (await verify(log, key, published)).broken


async def test_a_log_and_its_seals_cut_short_together_are_found_by_what_was_published(sealed):
    log, key, published = sealed
    del log.written[3:]
    del log.kept[1:]
    assert "published" in (await verify(log, key, published)).broken


async def test_a_seal_signed_by_another_key_is_found(sealed, tmp_path):
    log, _, published = sealed
    other = signing_key(tmp_path / "other.key").public_key()
    assert (await verify(log, other, published)).broken


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "deep" / "seal.key"
    first, again = signing_key(path), signing_key(path)
    assert first.private_bytes_raw() == again.private_bytes_raw()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("left", [b"", b"5 00ab"])
async def test_a_seal_kept_by_a_process_killed_before_it_published_is_published_at_the_next_start(
    sealed, tmp_path, left
):
    log, public, published = sealed
    lines = published.read_bytes().splitlines(keepends=True)
    published.write_bytes(lines[0] + left)
    sealer = Sealer(log, signing_key(tmp_path / "seal.key"), published)
    assert (await sealer.seal()).size == 6
    assert published.read_bytes().splitlines(keepends=True)[:2] == lines
    found = await verify(log, public, published)
    assert (found.seals, found.unsealed, found.broken) == (3, 0, "")


async def test_what_could_not_be_published_is_published_the_next_time(sealed, tmp_path):
    log, public, published = sealed
    folder = tmp_path / "away"
    sealer = Sealer(log, signing_key(tmp_path / "seal.key"), folder / "seals.log")
    with pytest.raises(FileNotFoundError):
        await sealer.seal()
    folder.mkdir()
    for _ in range(2):
        await sealer.seal()
    there = (folder / "seals.log").read_text()
    assert there.startswith(published.read_text())
    assert (await verify(log, public, folder / "seals.log")).broken == ""
    assert len(there.splitlines()) == len(log.kept)


@pytest.fixture
async def tiled(tmp_path):
    """A log of 600 openings sealed at 520 and at 600, its key and its published seals."""
    log, key, published = Paper(), signing_key(tmp_path / "seal.key"), tmp_path / "seals.log"
    sealer = Sealer(log, key, published)
    for upto in (520, 600):
        log.written = [opening(n) for n in range(1, upto + 1)]
        await sealer.seal()
    log.asked.clear()
    return log, key, published


async def test_a_sealer_that_starts_again_reads_on_from_the_last_full_tile(tiled):
    log, key, published = tiled
    assert [(tile.place, tile.first, tile.last) for tile in log.remembered] == [
        (0, 1, 256),
        (1, 257, 512),
    ]
    log.written.append(opening(601))
    seal = await Sealer(log, key, published).seal()
    assert min(log.asked) == 512
    assert seal.root == Frontier(map(leaf, log.written)).root()
    assert (await verify(log, key.public_key(), published)).broken == ""


async def test_tiles_that_are_not_those_of_the_sealed_log_are_made_again(tiled):
    log, key, published = tiled
    log.remembered[1] = replace(log.remembered[1], root=bytes(32))
    log.written.append(opening(601))
    seal = await Sealer(log, key, published).seal()
    assert seal.root == Frontier(map(leaf, log.written)).root()
    assert log.remembered[1].root != bytes(32)


@pytest.mark.parametrize("hand", [{"root": bytes(32)}, {"first": 300}, {"last": 600}])
async def test_evidence_is_given_whatever_a_hand_wrote_into_the_tiles(tiled, hand):
    log, _, _ = tiled
    log.remembered[1] = replace(log.remembered[1], **hand)
    tiles, seal = Tiles(log), log.kept[-1]
    await tiles.grow(seal)
    index = await tiles.index_of(log.written[400])
    assert index == 400
    path = await tiles.inclusion(index, seal.size)
    assert prove.includes(seal.root, seal.size, index, leaf(log.written[400]), path)


async def test_two_who_ask_for_evidence_at_once_grow_one_tree(tiled):
    log, _, _ = tiled
    log.remembered = []
    tiles = Tiles(log)
    await asyncio.gather(*(tiles.grow(log.kept[-1]) for _ in range(3)))
    assert tiles.size == 600
