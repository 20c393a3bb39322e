"""Bodies encrypted in the database: readable as before, rotated without a write, and erased."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from tests.e2e.deliveries import bundle, condition, patient
from wholerecord.errors import Conflict, NotFound
from wholerecord.fold import fold
from wholerecord.intake import Arrival
from wholerecord.record import PatientKey, PersonId, Source
from wholerecord.record.erased import ERASED
from wholerecord.research.gateway.prompts import Fate
from wholerecord.storage import memory, open_store
from wholerecord.storage.keyring import Keyring, NoKey, WrongKey
from wholerecord.storage.sealed import Moved, key_number
from wholerecord.worker import prepare_here, settle

OLD, NEW = b"o" * 32, b"n" * 32
KEYS = Keyring({"old": OLD})
ADA, BO = PatientKey("pas", "p1").id, PatientKey("pas", "p2").id
STROKE = bundle(patient("p1", "9990000018"), condition("c1", "p1"))
GOUT = bundle(patient("p2", "9990000026"), condition("c2", "p2", code={"text": "Gout"}))
BOTH = bundle(
    patient("p1", "9990000018"),
    patient("p2", "9990000026"),
    condition("c3", "p1", code={"text": "Asthma"}),
    condition("c4", "p2", code={"text": "Eczema"}),
)


async def said(store, *bodies):
    """The store, having filed these messages of one source."""
    await store.declare(Source(name="pas", controller="RXA", title="PAS"))
    for body in bodies:
        await store.keep(Arrival(source="pas", body=body, name="post"))
        await settle(store, prepare_here)
    return store


async def words(store, who):
    """All that was said of somebody, as text."""
    return " ".join(one.body.decode() for one in await store.statements({who: 99}))


@pytest.fixture(params=["memory", pytest.param("encrypted", marks=pytest.mark.postgres)])
async def keyed(request):
    """A store that can forget."""
    if request.param == "memory":
        yield memory.Store()
        return
    async with open_store(request.getfixturevalue("database_url"), KEYS) as store:
        yield store


async def test_what_is_said_comes_back_as_it_was(keyed):
    store = await said(keyed, STROKE, GOUT, BOTH)
    assert "Asthma" in await words(store, ADA)
    assert await store.message(1) == STROKE
    assert len(await store.statements({ADA: 99, BO: 99})) == 8


async def test_what_is_erased_says_nothing_and_still_counts(keyed):
    store = await said(keyed, STROKE, GOUT, BOTH)
    before = await store.received()
    [member] = [one for one in [await store.standing([ADA])] if one]
    done = await store.erase(ADA, by="guardian", why="asked")
    assert (done.statements, done.messages, done.left) == (4, 1, 1)
    left = await store.statements({ADA: 99})
    assert [one.body for one in left] == [ERASED] * 4
    assert await store.received() == before
    assert (await store.standing([ADA]))[ADA] == member[ADA] + 1
    with pytest.raises(NotFound, match="erased"):
        await store.message(1)
    assert await store.message(2) == GOUT
    assert await store.message(3) == BOTH  # it speaks of somebody else too
    assert "Gout" in await words(store, BO)
    record = fold(left)
    assert [one.why for one in record.parked] == ["What was said here was erased."] * 4
    assert not record.entries


async def about(store, person, opening):
    """The number of an answered prompt about somebody."""
    n = await store.keep_prompt(opening=opening, person=person, actor="dr", service="here.example",
                                sent="[NAME 1] fell", taken_out=1, fate=Fate.SENT)  # fmt: skip
    await store.settle_prompt(n, Fate.ANSWERED, answered="why?")
    return n


async def test_the_words_of_prompts_go_with_whom_they_were_about(keyed):
    store = await said(keyed, STROKE, GOUT)
    ada, bo = [await store.person_of(who) for who in (ADA, BO)]
    first = await about(store, ada, 1)
    event = await store.join(ADA, bo, by="dr", why="the same")
    joined = await about(store, bo, 2)
    await store.take_back(event.n, by="dr", why="they are not")
    other = await about(store, PersonId("00000000-0000-0000-0000-000000000000"), 3)
    waits = await store.keep_prompt(opening=4, person=ada, actor="dr", service="here.example",
                                    sent="still out", taken_out=0, fate=Fate.SENT)  # fmt: skip
    done = await store.erase(ADA, by="guardian", why="asked")
    assert done.prompts == 3
    await store.settle_prompt(waits, Fate.ANSWERED, answered="too late")
    found = [await store.prompt_words(n) for n in (first, joined, waits, other)]
    assert [words is None for words in found] == [True, True, True, False]
    assert [one.n for one in await store.prompts()] == [waits, other, joined, first]
    assert (await store.erase(ADA, by="guardian", why="again")).prompts == 0


async def test_what_is_said_after_an_erasure_is_kept_again(keyed):
    store = await said(keyed, STROKE)
    await store.erase(ADA, by="guardian", why="asked")
    later = bundle(patient("p1", "9990000018"), condition("c9", "p1", code={"text": "Sprain"}))
    await said(store, later)
    assert "Sprain" in await words(store, ADA)
    assert (await store.erase(ADA, by="guardian", why="again")).statements == 4
    assert "Sprain" not in await words(store, ADA)


async def test_nobody_is_erased_whom_nobody_knows(keyed):
    with pytest.raises(NotFound):
        await keyed.erase(ADA, by="guardian", why="asked")


@pytest.mark.postgres
async def test_what_was_kept_in_the_clear_is_readable_beside_and_not_erasable(database_url):
    async with open_store(database_url) as store:
        await said(store, STROKE)
    async with open_store(database_url, KEYS) as store:
        await said(store, BOTH)
        assert "Asthma" in await words(store, ADA)
        assert await store.message(1) == STROKE
        with pytest.raises(Conflict, match="2 statements"):
            await store.erase(ADA, by="guardian", why="asked")
        assert "Asthma" in await words(store, ADA)


@pytest.mark.postgres
async def test_a_key_is_replaced_without_writing_a_body(database_url):
    async with open_store(database_url, KEYS) as store:
        await said(store, STROKE, GOUT)
    before = await bodies(database_url)
    assert all(key_number(body) is not None for body in before)
    async with open_store(database_url, Keyring({"old": OLD, "new": NEW})) as store:
        count, gone = await store.rotate_keys()
        assert (count, gone) == (4, ("old",))
        assert await store.rotate_keys() == (0, ())
    assert await bodies(database_url) == before
    async with open_store(database_url, Keyring({"new": NEW})) as store:
        assert "Gout" in await words(store, BO)
        assert await store.message(1) == STROKE


PROMPT = {"person": PersonId("p"), "actor": "dr", "service": "here.example", "taken_out": 0}


@pytest.mark.postgres
async def test_the_words_of_a_prompt_are_encrypted_and_gone_with_their_key(database_url):
    async with open_store(database_url) as store:
        clear = await store.keep_prompt(**PROMPT, opening=1, sent="plain", fate=Fate.SENT)
    async with open_store(database_url, KEYS) as store:
        n = await store.keep_prompt(**PROMPT, opening=2, sent="chest pain", fate=Fate.SENT)
        await store.settle_prompt(n, Fate.ANSWERED, answered="ring 999")
        await store.settle_prompt(clear, Fate.ANSWERED, answered="well")
    other = await asyncpg.connect(database_url)
    [row] = await other.fetch("SELECT sent, answered FROM prompt WHERE n = $1", n)
    assert b"chest" not in row["sent"]
    assert b"999" not in row["answered"]
    async with open_store(database_url, Keyring({"old": OLD, "new": NEW})) as store:
        assert await store.rotate_keys() == (1, ("old",))
    async with open_store(database_url, Keyring({"new": NEW})) as store:
        for number, said in ((n, ("chest pain", "ring 999")), (clear, ("plain", "well"))):
            words = await store.prompt_words(number)
            assert (words.sent, words.answered) == said
        await other.execute("UPDATE prompt SET opening = 3 WHERE n = $1", n)
        with pytest.raises(WrongKey):
            await store.prompt_words(n)
        assert await store.forget_prompts(datetime.now(UTC) + timedelta(hours=1)) == 2
        assert await store.prompt_words(n) is None
    [row] = await other.fetch("SELECT sent, answered, wrapped FROM prompt WHERE n = $1", n)
    assert tuple(row) == (b"", b"", None)
    await other.close()


@pytest.mark.postgres
async def test_a_program_without_the_right_key_does_not_start_and_names_it(database_url):
    async with open_store(database_url, KEYS) as store:
        await said(store, STROKE)
        with pytest.raises(NoKey, match="'old'"):
            async with open_store(database_url):
                pass
        with pytest.raises(NoKey, match="'old'"):
            async with open_store(database_url, Keyring({"new": NEW})):
                pass
        with pytest.raises(WrongKey, match="'old'"):
            async with open_store(database_url, Keyring({"old": NEW})):
                pass


@pytest.mark.postgres
async def test_a_body_that_was_moved_to_another_row_does_not_open(database_url):
    async with open_store(database_url, KEYS) as store:
        await said(store, STROKE, GOUT)
        other = await asyncpg.connect(database_url)
        await other.execute(
            """UPDATE statement SET body = other.body FROM statement AS other
            WHERE statement.patient = $1 AND other.patient = $2
            AND other.t = statement.t AND other.n = statement.n""",
            ADA,
            BO,
        )
        await other.close()
        with pytest.raises(Moved):
            await store.statements({ADA: 99})
        assert "Gout" in await words(store, BO)


async def bodies(url):
    """Every body there is, as it is stored."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT body FROM statement UNION ALL SELECT body FROM message")
    await connection.close()
    return sorted(row["body"] for row in rows)
