"""Wrong facts looked for: in what was filed since last time, and in professionals' rulings.

Of what any rule withholds from anybody nobody is told: a notice about a hidden item would be its
shape. The first time goes through everything that was ever filed, so that whoever saw what was
wrong before anybody looked for it is told too.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

import msgspec

from wholerecord.access.copying import NEVER, copied
from wholerecord.access.store import Store
from wholerecord.access.wrong_facts import RULED_AS, Wrong, WrongFact, misinformed_by
from wholerecord.fold import Record
from wholerecord.record import Filed, FiledOf, LogicalId, Mark, Version

_SAID, _RULED = "wrong facts until", "wrong rulings until"
#: Filings that commit late are gone through again: a fact is kept once.
_LATE = timedelta(minutes=10)
_PAGE, _LOOKS = 500, 100_000
_IN_ERROR = "entered-in-error"
_BY_ITS_SOURCE = frozenset({Wrong.TAKEN_BACK, Wrong.CORRECTED})
#: Source: FHIR R4 value set `observation-status`, which `diagnostic-report-status` shares.
_CORRECTED = frozenset({"corrected", "amended"})


class _Tag(msgspec.Struct):
    code: str = ""


class _Coded(msgspec.Struct):
    coding: tuple[_Tag, ...] = ()


class _Standing(msgspec.Struct, rename="camel"):
    status: str = ""
    verification_status: _Coded = msgspec.field(default_factory=_Coded)


_READ = msgspec.json.Decoder(_Standing)


async def find_wrong(store: Store, now: datetime) -> int:
    """Keep each fact that became known to be wrong since last time; how many are new.

    Killed at any moment, it goes through the same again and tells nobody twice.
    """
    new = 0
    async for fact in _ruled(store):
        new += await _keep(store, fact)
    began = await store.mark(_SAID)
    since = datetime.fromisoformat(began) - _LATE if began else None
    async for fact in _said(store, since):
        new += await _keep(store, fact)
    await store.set_mark(_SAID, now.isoformat())
    return new


async def _ruled(store: Store) -> AsyncIterator[WrongFact]:
    after = int(await store.mark(_RULED) or 0)
    for ruling in await store.wrong_rulings(after=after):
        how = RULED_AS[ruling.verdict]
        for about in ruling.blamed:
            versions = await store.versions(about.kind, LogicalId.of(about.patient, about.id))
            if versions:
                fact = _fact(versions[0], versions[-1], about.id, how, ruling.at)
                if fact is not None:
                    yield fact
        await store.set_mark(_RULED, str(ruling.n))


async def _said(store: Store, since: datetime | None) -> AsyncIterator[WrongFact]:
    for controller in sorted({source.controller for source in await store.sources()}):
        before: Mark | None = None
        while True:
            page = await store.filed(
                FiledOf(since=since, before=before),
                controller=controller,
                person=None,
                limit=_PAGE,
            )
            for change in page.filed:
                fact = await _of_change(store, change)
                if fact is not None:
                    yield fact
            before = page.after
            if before is None:
                break


async def _of_change(store: Store, change: Filed) -> WrongFact | None:
    version = change.version
    how = _how(version)
    if how is None or version.shared or version.number == 1:
        return None
    kind = version.statement.kind
    versions = await store.versions(kind, version.id)
    earlier = [one for one in versions if one.number < version.number]
    if not earlier or _how(earlier[-1]) is how:
        return None
    own = _own(earlier[0])
    return _fact(earlier[0], version, own, how, version.filed)


def _fact(first: Version, last: Version, own: str, how: Wrong, at: datetime) -> WrongFact | None:
    if last.person is None:
        return None
    said = first.statement
    return WrongFact(
        person=last.person,
        patient=said.patient,
        kind=said.kind,
        own=own,
        first=said.t,
        stood=last.statement.t - (how in _BY_ITS_SOURCE),
        at=at,
        how=how,
    )


def _how(version: Version) -> Wrong | None:
    """What a version says of those before it: nothing, or that they were wrong."""
    if version.gone:
        return Wrong.TAKEN_BACK
    try:
        said = _READ.decode(version.statement.body)
    except msgspec.DecodeError:
        return None
    codes = {said.status, *(one.code for one in said.verification_status.coding)}
    if _IN_ERROR in codes:
        return Wrong.TAKEN_BACK
    return Wrong.CORRECTED if said.status in _CORRECTED else None


class _Own(msgspec.Struct):
    id: str = ""


def _own(version: Version) -> str:
    """The source's own id of the resource."""
    try:
        return msgspec.json.decode(version.statement.body, type=_Own).id
    except msgspec.DecodeError:
        return ""


async def _keep(store: Store, fact: WrongFact) -> bool:
    rules = await store.rules(person=fact.person)
    kind = await _kind_shown(store, fact)
    if kind is None:
        return False
    shows = frozenset(
        rule.n for rule in rules if rule.allow and (not rule.kinds or kind in rule.kinds)
    )
    looks = await store.openings_of(fact.person, limit=_LOOKS)
    return await store.keep_wrong(fact, misinformed_by(fact, looks, shows))


async def _kind_shown(store: Store, fact: WrongFact) -> str | None:
    """The kind of the entry that said it; None where it was no entry, or is hidden from anybody."""
    rules = await store.rules(person=fact.person)
    withheld = NEVER | {
        about for rule in rules if not rule.allow and (about := rule.withholds) is not None
    }
    seen = {one.patient: one.t for one in await store.members(fact.person)}
    every = await store.statements(seen)
    before = [one for one in every if one.patient != fact.patient or one.t <= fact.stood]
    record = copied(before, (), withheld, await store.policy())
    return next(_kinds(record, fact), None)


def _kinds(record: Record, fact: WrongFact) -> Iterator[str]:
    key = (fact.patient, fact.kind, fact.own)
    for entry in record.entries:
        if any(said.id_key == key for said in entry.said_by):
            yield entry.kind.value
    for negative in record.negatives:
        if negative.said.id_key == key:
            yield negative.kind.value
