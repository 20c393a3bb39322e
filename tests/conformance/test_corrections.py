"""Every store makes the same requests of rulings, and holds them in the same states."""

from datetime import timedelta

import pytest

from tests.conformance.given import NUMBERS, keep, patient, settled, sources
from wholerecord.access import Store
from wholerecord.access.corrections import Correction, State
from wholerecord.errors import NotFound
from wholerecord.fold import BLAMING, About, Verdict


@pytest.fixture
async def here(store: Store) -> Store:
    """One person whom two sources know."""
    await sources(store, "gp", "hospital")
    await keep(store, "gp", ["1", "Example", NUMBERS[0], 1])
    await keep(store, "hospital", ["h\0", "Example", NUMBERS[0], 1])
    await settled(store)
    return store


def about(source: str, own: str = "a") -> About:
    return About(patient(source, {"gp": "1", "hospital": "h\0"}[source]), "Condition", own)


async def asked(store: Store, verdict: Verdict = Verdict.WRONG, **more: str) -> Correction:
    ruling = await store.rule(verdict, [about("gp")], by="dr\0", why="seen", **more)
    [one] = await store.corrections_of([ruling.n])
    return one


async def state(store: Store, n: int) -> State:
    one = await store.correction(n)
    assert one is not None
    return one.state


async def test_a_ruling_asks_the_source_of_each_patient_that_it_blames(here: Store) -> None:
    said = [about("hospital", "x"), about("gp"), about("gp", "b"), about("hospital")]
    ruling = await here.rule(Verdict.WRONG, said, by="dr", why="seen")
    first, second = await here.corrections_of([ruling.n])
    assert (first.source, first.about) == ("hospital", (said[0], said[3]))
    assert (second.source, second.about) == ("gp", (said[1], said[2]))
    assert (second.by, second.why, second.at) == ("dr", "seen", ruling.at)
    assert (second.owner, second.state, second.tries) == ("dr", State.TO_SEND, 0)
    assert second.due - ruling.at == timedelta(days=30)
    assert second.number == "1"
    assert first.number == "h\ufffd"
    assert await here.open_corrections() == [first, second]
    assert await here.open_corrections(limit=1) == [first]
    assert await here.correction(second.n) == second


async def test_only_what_says_that_a_source_is_wrong_asks_it(here: Store) -> None:
    for verdict in set(Verdict) - BLAMING:
        await here.rule(verdict, [about("gp"), about("hospital")], by="dr", why="seen")
    assert await here.open_corrections() == []
    assert await here.correction(1) is None
    assert await here.correction(1 << 63) is None


async def test_of_what_is_superseded_only_the_source_of_that_is_asked(here: Store) -> None:
    said = [about("hospital"), about("gp"), about("gp", "b")]
    ruling = await here.rule(Verdict.SUPERSEDED, said, by="dr", why="seen")
    [one] = await here.corrections_of([ruling.n])
    assert one.about == tuple(said[1:])
    own = [about("gp", "newer"), about("gp")]
    ruling = await here.rule(Verdict.SUPERSEDED, own, by="dr", why="seen")
    [one] = await here.corrections_of([ruling.n])
    assert one.about == (own[1],)


async def test_a_side_comes_back_as_it_was_ruled(here: Store) -> None:
    one = await asked(here, Verdict.SIDE, side="left")
    assert (one.verdict, one.side) == (Verdict.SIDE, "left")
    [ruling] = await here.rulings([one.patient])
    assert (ruling.side, ruling.blamed) == ("left", (about("gp"),))
    assert await here.wrong_rulings(after=0) == [ruling]


async def test_what_is_taken_is_lent_and_goes_once_it_is_sent(here: Store) -> None:
    one = await asked(here)
    [taken] = await here.take_corrections()
    assert (taken.n, taken.tries, taken.state) == (one.n, 1, State.TO_SEND)
    assert await here.take_corrections() == []
    await here.correction_failed(one.n, again=0)
    [taken] = await here.take_corrections()
    assert taken.tries == 2
    await here.correction_sent(one.n, taken.state, via="letter")
    sent = await here.correction(one.n)
    assert sent is not None
    assert (sent.state, sent.via, sent.closed) == (State.SENT, "letter", None)
    assert sent.sent is not None
    await here.correction_failed(one.n, again=0)
    assert await here.take_corrections() == []


async def test_an_answer_closes_a_request_once(here: Store) -> None:
    one = await asked(here)
    await here.own_correction(one.n, "ann\0")
    await here.answer_correction(one.n, State.DECLINED, by="ann", why="it is right\0")
    closed = await here.correction(one.n)
    assert closed is not None
    assert (closed.state, closed.reply, closed.replied_by, closed.owner) == (
        *(State.DECLINED, "it is right\ufffd"),
        *("ann", "ann\ufffd"),
    )
    assert closed.closed is not None
    assert await here.open_corrections() == []
    assert await here.take_corrections() == []
    for n in (one.n, 0, one.n + 1, 1 << 63):
        with pytest.raises(NotFound):
            await here.answer_correction(n, State.CORRECTED, by="ann", why="no")
        with pytest.raises(NotFound):
            await here.own_correction(n, "bob")


async def test_a_ruling_withdrawn_before_anything_went_takes_its_request_back(here: Store) -> None:
    one = await asked(here)
    await here.withdraw(one.ruling, by="dr")
    assert await state(here, one.n) is State.TAKEN_BACK
    assert await here.take_corrections() == []
    assert await here.open_corrections() == []


@pytest.mark.parametrize("then", ["taken", "sent", "answered"])
async def test_a_ruling_withdrawn_after_its_request_may_have_gone_takes_it_back_by_a_message(
    here: Store, then: str
) -> None:
    one = await asked(here)
    [taken] = await here.take_corrections()
    if then != "taken":
        await here.correction_sent(one.n, taken.state, via="letter")
    if then == "answered":
        await here.answer_correction(one.n, State.CORRECTED, by="ann", why="done")
    await here.withdraw(one.ruling, by="dr")
    if then == "taken":  # it went all the same
        await here.correction_sent(one.n, taken.state, via="letter")
    assert await state(here, one.n) is State.TO_RETRACT
    [again] = await here.take_corrections()
    assert (again.n, again.state, again.tries, again.closed) == (one.n, State.TO_RETRACT, 1, None)
    assert again.sent is not None
    await here.correction_sent(one.n, again.state, via="MESH")
    done = await here.correction(one.n)
    assert done is not None
    assert (done.state, done.via) == (State.RETRACTED, "MESH")
    assert done.closed is not None
    await here.withdraw(one.ruling, by="dr")
    assert await state(here, one.n) is State.RETRACTED


async def test_what_nobody_answered_by_its_day_is_escalated_once(
    here: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asked(here)
    for name in ("memory", "postgres"):
        at = f"wholerecord.storage.{name}.corrections.ANSWER_WITHIN"
        monkeypatch.setattr(at, timedelta(0))
    late, answered = await asked(here), await asked(here)
    await here.answer_correction(answered.n, State.CORRECTED, by="ann", why="done")
    assert (await here.escalate_corrections(), await here.escalate_corrections()) == (1, 0)
    found = [one.n for one in await here.open_corrections() if one.escalated is not None]
    assert found == [late.n]
    assert await state(here, late.n) is State.TO_SEND


async def test_a_request_is_held_against_what_its_patient_was_said_since(here: Store) -> None:
    one = await asked(here)
    assert await here.moved_corrections() == []
    await keep(here, "gp", ["1", "Example", NUMBERS[0], 2])
    await settled(here)
    assert await here.moved_corrections() == [(one, 2)]
    await here.correction_held(one.n, 2)
    assert await here.moved_corrections() == []
    await keep(here, "hospital", ["h\0", "Example", NUMBERS[0], 2])
    await settled(here)
    assert await here.moved_corrections() == []
