"""What was said of a patient, forgotten."""

from dataclasses import replace

import msgspec

from wholerecord.record import PatientId, PersonId
from wholerecord.record.erased import ERASED
from wholerecord.record.erasing import Forgotten
from wholerecord.storage.linking import MOVES
from wholerecord.storage.memory.tables import Tables, now


class Eraser:
    """See `record.erasing.Erasing`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def erase(self, patient: PatientId, *, by: str, why: str) -> Forgotten:  # noqa: ARG002 - who and why is the openings' here
        """See `record.erasing.Erasing.erase`."""
        tables, known = self._tables, self._tables.known(patient)
        messages = {one.message for one in known.statements}
        others = {
            one.message
            for each in tables.patients.values()
            if each is not known and each.key.number
            for one in each.statements
        }
        known.statements[:] = [
            msgspec.structs.replace(one, body=ERASED) for one in known.statements
        ]
        known.demographics = known.described = None
        known.filed.append(now())
        moves = [one for one in tables.events if one.patient == patient and one.act in MOVES]
        prompts = _forget_prompts(tables, {who for one in moves for who in (one.person, one.was)})
        for message in messages - others:
            tables.messages[message - 1] = replace(tables.messages[message - 1], body=b"")
            tables.erased.add(message)
        return Forgotten(
            statements=len(known.statements),
            messages=len(messages - others),
            left=len(messages & others),
            prompts=prompts,
        )


def _forget_prompts(tables: Tables, people: set[PersonId | None]) -> int:
    """Keep the words of prompts about these people no longer; of how many."""
    about = [
        place
        for place, (line, words) in enumerate(tables.prompts)
        if words is not None and line.person in people
    ]
    for place in about:
        tables.prompts[place] = tables.prompts[place][0], None
    return len(about)
