"""Seals stamped with the time by somebody else: what is one is taken, and nothing else."""

import shutil
import subprocess
from datetime import timedelta

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.e2e.deliveries import bundle, patient
from tests.unit.door_site import NUMBER, actor, site
from tests.unit.stamp_authority import NOW, SHA1, STAMPS, Authority
from wholerecord.audit import Sealer, signing_key
from wholerecord.audit.published import line_of
from wholerecord.audit.stamp import BadStamp, request_of, stamp_in, stamped
from wholerecord.audit.stamping import Authority as Asking
from wholerecord.audit.stamping import (
    BadAuthority,
    NotStamped,
    Stamped,
    Stamps,
    authority_at,
    certificates_in,
)
from wholerecord.consent import Purpose, Role

SAID = b"3 00ff 2026-03-01 abcd\n"


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.mark.parametrize("signs", ["rsa", "ec"])
def test_a_stamp_says_when_this_was_there(signs):
    authority = Authority(signs=signs)
    stamp = stamp_in(authority.answer(request_of(SAID, 5)), SAID, 5, [authority.root])
    assert stamp.at == NOW
    assert stamped(stamp.token, SAID, [authority.root]) == NOW


def test_a_stamp_of_something_else_or_for_another_is_refused(authority):
    answer = authority.answer(request_of(SAID, 5))
    with pytest.raises(BadStamp, match="something else"):
        stamp_in(answer, SAID + b"x", 5, [authority.root])
    with pytest.raises(BadStamp, match="another request"):
        stamp_in(answer, SAID, 6, [authority.root])
    with pytest.raises(BadStamp, match="trusted here"):
        stamp_in(answer, SAID, 5, [Authority(signs="ec").root])
    with pytest.raises(BadStamp, match="trusted here"):
        stamp_in(answer, SAID, 5, [])


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"status": 2}, "with status 2"),
        ({"usage": [ExtendedKeyUsageOID.CLIENT_AUTH]}, "trusted here"),
        ({"usage": [STAMPS, ExtendedKeyUsageOID.CLIENT_AUTH]}, "trusted here"),
        ({"until": NOW - timedelta(days=1)}, "trusted here"),
        ({"at": NOW + timedelta(days=99)}, "trusted here"),
        ({"content": x509.ObjectIdentifier("1.2.840.113549.1.7.1")}, "as a time stamp"),
        ({"altered": b"\x05\x00"}, "cannot be read"),
        ({"other_signer": True}, "with which certificate"),
        ({"algorithm": SHA1}, "something else"),
    ],
)
def test_what_an_authority_may_not_do_is_refused(wrong, why):
    authority = Authority(signs="ec", **wrong)
    with pytest.raises(BadStamp, match=why):
        stamp_in(authority.answer(request_of(SAID, 5)), SAID, 5, [authority.root])


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_no_byte_of_a_stamp_can_be_changed_so_that_it_says_another_time(authority):
    token = stamp_in(authority.answer(request_of(SAID, 5)), SAID, 5, [authority.root]).token
    taken = 0
    for place in range(len(token)):
        changed = bytearray(token)
        changed[place] ^= 1 << place % 8
        try:
            assert stamped(bytes(changed), SAID, [authority.root]) == NOW
            taken += 1  # what is not signed: the root that it brings along, a version
        except BadStamp:
            continue
    assert taken < len(authority.root.public_bytes(Encoding.DER)) + 20
    for size in (0, 1, 10, len(token) - 1):
        with pytest.raises(BadStamp):
            stamped(token[:size], SAID, [authority.root])


async def sealed_site(folder):
    way, person = await site(bundle(patient("p1", NUMBER)))
    sealer = Sealer(way.store, signing_key(folder / "key"), folder / "seals.log")

    async def look():
        await way.door(actor(Role.DOCTOR)).open(person, purpose=Purpose.DIRECT_CARE)
        await sealer.seal()

    await look()
    return way, look


async def test_the_newest_seal_is_stamped_once_and_the_stamp_is_held_against_it(
    tmp_path, authority
):
    way, look = await sealed_site(tmp_path)
    answers = [503, 302, 200]

    def give(request):
        status = answers.pop(0) if answers else 200
        where = {"location": "https://other.example/"}
        content = authority.answer(request.content) if status == 200 else b""
        return httpx.Response(status, headers=where, content=content)

    stamps = Stamps(tmp_path / "stamps", [authority.root])
    assert stamps.check([]) == Stamped()
    async with httpx.AsyncClient(transport=httpx.MockTransport(give)) as client:
        asking = Asking(way.store, "http://stamps.example/", client, stamps)
        for _ in range(2):
            with pytest.raises(NotStamped):
                await asking.stamp()
        assert await asking.stamp()
        assert not await asking.stamp()
        await look()
        assert await asking.stamp()
    seals = await way.store.seals()
    assert stamps.check(seals) == Stamped(stamps=2, newest=NOW)
    assert stamps.check(seals[:1]).wrong.endswith("That seal is not in the store.")
    unknown = Stamps(tmp_path / "stamps", [])
    assert unknown.check(seals) == Stamped(stamps=2, checked=False)
    other_way, _ = await sealed_site(tmp_path / "again")
    again = await other_way.store.seals()
    assert "something else" in stamps.check([*again, seals[1]]).wrong, "a log made again"


@pytest.mark.parametrize("content", [b"", b"no", b"x" * (1 << 18)])
async def test_an_answer_that_is_no_stamp_is_not_kept(tmp_path, authority, content):
    way, _ = await sealed_site(tmp_path)
    stamps = Stamps(tmp_path / "stamps", [authority.root])
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=content))
    async with httpx.AsyncClient(transport=transport) as client:
        with pytest.raises(NotStamped):
            await Asking(way.store, "http://stamps.example/", client, stamps).stamp()
    assert stamps.sizes() == []


async def test_openssl_finds_the_stamp_good_and_that_of_something_else_bad(tmp_path, authority):
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here: our own checks are tested above")
    way, _ = await sealed_site(tmp_path)
    [seal] = await way.store.seals()
    said = line_of(seal).encode()
    stamps = Stamps(tmp_path, [authority.root])
    stamps.keep(seal, stamp_in(authority.answer(request_of(said, 5)), said, 5, [authority.root]))
    (tmp_path / "ca.pem").write_bytes(authority.root.public_bytes(Encoding.PEM))
    (tmp_path / "other").write_bytes(b"something else")
    for data, good in ((f"{seal.size}.seal", True), ("other", False)):
        words = ["openssl", "ts", "-verify", "-data", data, "-in", f"{seal.size}.tst", "-token_in"]
        ran = subprocess.run(  # noqa: S603, ASYNC221 - words of our own, and a moment
            [*words, "-CAfile", "ca.pem", "-attime", str(int(NOW.timestamp()))],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert (ran.returncode == 0) is good, ran.stderr


def test_certificates_are_read_and_what_is_none_is_refused(tmp_path, authority):
    file = tmp_path / "stamp-authority.pem"
    assert certificates_in(file) == ()
    file.write_bytes(authority.root.public_bytes(Encoding.PEM))
    assert certificates_in(file) == (authority.root,)
    file.write_text("nothing")
    with pytest.raises(BadAuthority):
        certificates_in(file)


@pytest.mark.parametrize("url", ["ftp://a.example", "https://", "x", "https://[::1"])
def test_what_is_no_address_of_an_authority_is_refused(url):
    with pytest.raises(BadAuthority):
        authority_at(url)
    assert authority_at("http://stamps.example/tsa") == "http://stamps.example/tsa"
