"""Keys and secrets: whole or not at all, the same for everybody, and nobody else's to read."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wholerecord.audit import kept_once, public_bytes, signing_key, verify
from wholerecord.audit.seal import BadKey
from wholerecord.cli.secret import BadSecret, secret
from wholerecord.storage import memory


def test_a_secret_is_made_once_and_is_for_its_owner_only(tmp_path):
    file = tmp_path / "new" / "intake.token"
    made = secret(file)
    assert len(made) == 64
    assert secret(file) == made
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in file.parent.iterdir()] == ["intake.token"]


@pytest.mark.parametrize("held", [b"", b"\n", b"short", b"g" * 63 + b"\xff"])
def test_a_secret_that_is_not_whole_lets_nobody_in(tmp_path, held):
    file = tmp_path / "intake.token"
    file.write_bytes(held)
    with pytest.raises(BadSecret):
        secret(file)


def test_a_key_that_is_not_whole_is_said_to_be(tmp_path):
    file = tmp_path / "seal.key"
    file.write_bytes(b"half a key")
    with pytest.raises(BadKey):
        signing_key(file)


def test_programs_that_start_together_agree_about_their_key(tmp_path):
    with ThreadPoolExecutor(16) as threads:
        for n in range(20):
            file = tmp_path / f"{n}.key"
            keys = threads.map(lambda _, at=file: public_bytes(signing_key(at)), range(16))
            assert len(set(keys)) == 1
    assert len(list(tmp_path.iterdir())) == 20


def test_what_cannot_be_made_leaves_nothing_behind(tmp_path):
    def fail() -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept_once(tmp_path / "key", fail)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("line", ["12", "", "12 abc", "x " + "0" * 64, "\N{GREEK SMALL LETTER MU}"])
async def test_a_torn_line_of_published_seals_is_named(tmp_path, line):
    published = tmp_path / "seals.log"
    published.write_text(f"{line}\n", "utf-8")
    found = await verify(memory.Store(), Ed25519PrivateKey.generate().public_key(), published)
    assert found.broken == "line 1 of the published seals is not a seal"


async def test_a_published_seal_that_the_store_lacks_is_named(tmp_path):
    published = tmp_path / "seals.log"
    published.write_text(f"3 {'0' * 64} 2026-03-01T00:00:00+00:00 00\n", "ascii")
    found = await verify(memory.Store(), Ed25519PrivateKey.generate().public_key(), published)
    assert "published seal of 3" in found.broken
