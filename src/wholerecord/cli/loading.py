"""Loading the demonstration region over the real doors, as its sources would send it."""

import asyncio
import http.client
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from wholerecord.access import Doorway
from wholerecord.cli.secret import secret
from wholerecord.cli.serving import Listening
from wholerecord.consent import Purpose, Rule, View
from wholerecord.demo.choice import Choice, Chosen
from wholerecord.demo.delivery import Delivery
from wholerecord.demo.region import Region
from wholerecord.demo.tables import areas
from wholerecord.errors import Conflict, WholerecordError
from wholerecord.intake import Arrival, mllp
from wholerecord.intake.cut import cut
from wholerecord.intake.tokens import Tokens
from wholerecord.nhs import NhsNumber
from wholerecord.people.search import Search
from wholerecord.record import PersonId
from wholerecord.research.areas import load_areas
from wholerecord.research.refresh import refresh
from wholerecord.research.snapshot import snapshots
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store

#: Connections that post at once: a region's practices do not wait for each other.
_POSTING = 4
#: The mark of a demonstration, kept in the store when the region is loaded into an empty one.
_MARK = "demonstration"
_SECONDARY = (Purpose.PLANNING, Purpose.RESEARCH)
_OWN_VIEWS = (View.RECORD, View.PROVENANCE, View.DEMOGRAPHICS)


class NotADemonstration(Conflict):
    """This store holds what is not the demonstration's: anybody may sign in to a demonstration.

    Give the demonstration a folder of its own: WHOLERECORD_DATABASE=embedded:DIR.
    """


class NotDelivered(WholerecordError):
    """A message of the region was not taken."""


async def load(
    region: Region,
    store: Store,
    settings: Settings,
    listening: Listening,
    *,
    told: Callable[[str], None],
) -> None:
    """Send everything the region's sources send, once, and wait until it is filed and linked.

    Raises:
        NotADemonstration: the store holds something, and no demonstration was loaded into it.
        NotDelivered: a door did not take a message.
    """
    mark = await store.mark(_MARK)
    if mark == "loaded":
        return
    if not mark and (await store.received()).messages:
        raise NotADemonstration
    await store.set_mark(_MARK, "loading")
    began = time.monotonic()
    told(
        f"loading the region: {len(region.deliveries):,} messages "
        f"from {len(region.sources)} sources"
    )
    for source in region.sources:
        await store.declare(source)
    await asyncio.gather(
        _by_mllp([d for d in region.deliveries if d.door == "mllp"], listening),
        _by_post([d for d in region.deliveries if d.door == "post"], settings, listening),
        _by_file([d for d in region.deliveries if d.door == "file"], store),
    )
    told(f"every message is durable after {time.monotonic() - began:.1f} s; filing and linking")
    await _settled(store)
    await _choose(region.choices, store)
    await store.set_mark(_MARK, "loaded")
    told(f"loaded in {time.monotonic() - began:.1f} s")


async def tables_to_count(store: Store, settings: Settings) -> None:
    """Make the tables that boards and studies read, of where people live in the region, once."""
    if snapshots(settings.research):
        return
    known = load_areas(areas(), settings.areas)
    await refresh(Doorway(store), settings.research, now=datetime.now(UTC), areas=known)


async def person_with(store: Store, nhs_number: str) -> PersonId | None:
    """The person most of whose patients carry this number as their own, or None."""
    number = NhsNumber.parse(nhs_number)
    counted: dict[PersonId, int] = {}
    for person, member in await store.find(Search(nhs_number=number).keys):
        if member.demographics.nhs_number == number:
            counted[person] = counted.get(person, 0) + 1
    return max(counted, key=lambda person: (counted[person], person), default=None)


async def _by_mllp(deliveries: Sequence[Delivery], listening: Listening) -> None:
    messages = [delivery.body for delivery in deliveries]
    async for answer in mllp.send(listening.mllp_host, listening.mllp_port, messages):
        if not answer.taken:
            raise NotDelivered(f"MLLP answered {answer.code or 'nothing'}.")


async def _by_post(
    deliveries: Sequence[Delivery], settings: Settings, listening: Listening
) -> None:
    tokens = Tokens(settings.tokens, {})
    brought = {one.source: secret(tokens.file(one.source)) for one in deliveries}
    await asyncio.gather(
        *(
            asyncio.to_thread(_post, deliveries[first::_POSTING], brought, listening)
            for first in range(_POSTING)
        )
    )


def _post(deliveries: Sequence[Delivery], brought: Mapping[str, str], listening: Listening) -> None:
    connection = http.client.HTTPConnection(listening.host, listening.port, timeout=60)
    for delivery in deliveries:
        connection.request(
            "POST",
            f"/intake/{delivery.source}",
            delivery.body,
            {"Authorization": f"Bearer {brought[delivery.source]}"},
        )
        answer = connection.getresponse()
        answer.read()
        if answer.status != 202:
            raise NotDelivered(f"{delivery.name}: HTTP {answer.status}.")
    connection.close()


async def _by_file(deliveries: Sequence[Delivery], store: Store) -> None:
    arrivals: list[Arrival] = []
    for delivery in deliveries:
        arrivals += cut(delivery.source, delivery.name, delivery.body)
    await asyncio.gather(*(store.keep(arrival) for arrival in arrivals))


async def _settled(store: Store) -> None:
    """Wait for the worker: nothing is kept and not filed, nobody filed and not linked."""
    while True:
        counts = await store.received()
        if not counts.waiting and not counts.unlinked:
            return
        await asyncio.sleep(0.5)


async def _choose(choices: Sequence[Choice], store: Store) -> None:
    """Make rules of what people chose; what they restrict travels in their own demographics."""
    for choice in choices:
        person = await person_with(store, choice.nhs_number)
        if person is None:
            continue
        for rule in _rules(choice, person):
            await store.add_rule(rule)


def _rules(choice: Choice, person: PersonId) -> list[Rule]:
    match choice.chosen:
        case Chosen.NATIONAL_OPT_OUT | Chosen.TYPE_1_OPT_OUT:
            return [
                Rule(
                    allow=False,
                    purpose=purpose,
                    person=person,
                    reason=choice.reason,
                    basis=choice.chosen.value,
                )
                for purpose in _SECONDARY
            ]
        case Chosen.CARER:
            return [
                Rule(
                    allow=True,
                    purpose=Purpose.OWN_RECORD,
                    view=view,
                    actor=choice.carer,
                    person=person,
                    reason=choice.reason,
                )
                for view in _OWN_VIEWS
            ]
        case Chosen.SEALED:
            return [
                Rule(
                    allow=False,
                    purpose=Purpose.DIRECT_CARE,
                    person=person,
                    label=choice.label,
                    reason=choice.reason,
                )
            ]
        case Chosen.RESTRICTED:
            return []
