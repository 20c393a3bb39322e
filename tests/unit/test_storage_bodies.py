"""Statement bodies as they are stored."""

from itertools import pairwise

import pytest
import zstandard

from wholerecord.storage.postgres import message_bodies
from wholerecord.storage.postgres.bodies import Bodies, group_of, shipped
from wholerecord.storage.postgres.message_bodies import WrittenBodies

BODY = b'{"code":{"text":"Serum potassium"},"resourceType":"Observation","status":"final"}'


def trained(word: bytes) -> bytes:
    samples = [BODY + word + b"%d" % n for n in range(500)]
    return zstandard.train_dictionary(4096, [*samples]).as_bytes()


@pytest.mark.parametrize("body", [b"", b"{}", BODY, b"\xff\0" * 5000])
def test_a_body_comes_back_as_it_was(body: bytes) -> None:
    bodies = Bodies()
    bodies.learn(1, trained(b""), write="observation")
    for kind in ("Observation", "Condition"):
        assert bodies.unpack(*bodies.pack(kind, body)) == body


def test_a_body_is_written_with_the_dictionary_of_its_group() -> None:
    bodies = Bodies()
    bodies.learn(7, trained(b""), write="observation")
    assert bodies.pack("Observation", BODY)[0] == 7
    assert bodies.pack("Condition", BODY)[0] == 0
    assert len(bodies.pack("Observation", BODY)[1]) < len(bodies.pack("Condition", BODY)[1])


def test_what_an_old_dictionary_wrote_stays_readable() -> None:
    bodies = Bodies()
    bodies.learn(1, trained(b"old"), write="observation")
    old = bodies.pack("Observation", BODY)
    bodies.learn(2, trained(b"new"), write="observation")
    assert bodies.pack("Observation", BODY)[0] == 2
    assert bodies.unpack(*old) == BODY


def test_a_body_is_never_read_with_a_dictionary_that_is_not_known() -> None:
    bodies = Bodies()
    bodies.learn(1, trained(b""), write="observation")
    number, packed = bodies.pack("Observation", BODY)
    assert not Bodies().knows({number})
    with pytest.raises(KeyError):
        Bodies().unpack(number, packed)


def test_the_shipped_dictionaries_are_one_for_each_group() -> None:
    groups = [group for group, _ in shipped().values()]
    assert {*groups} == {"observation", "medicine", "other", "written"}
    assert all(first < then for first, then in pairwise(sorted(shipped())))
    for number, (_, data) in shipped().items():
        Bodies().learn(number, data)


def test_a_type_nobody_named_is_among_the_others() -> None:
    assert group_of("Basic") == "other"


def test_what_a_client_writes_comes_back_as_it_was_and_is_small() -> None:
    written = WrittenBodies()
    alone = b'{"resourceType":"Bundle","type":"history","entry":[{"resource":' + BODY + b"}]}"
    plain = zstandard.ZstdCompressor(level=3).compress(alone)
    assert len(written.pack(alone)) < len(plain) * 2 / 3
    for body in (alone, b"", b"\xff\0" * 500, BODY * 10_000):
        assert message_bodies.unpack(written.pack(body)) == body


def test_a_message_kept_before_there_was_a_dictionary_is_read() -> None:
    assert message_bodies.unpack(zstandard.ZstdCompressor(level=3).compress(BODY)) == BODY


def test_a_message_of_a_dictionary_that_is_not_here_is_no_message() -> None:
    other = zstandard.ZstdCompressionDict(trained(b"other"))
    with pytest.raises(KeyError):
        message_bodies.unpack(zstandard.ZstdCompressor(dict_data=other).compress(BODY))
