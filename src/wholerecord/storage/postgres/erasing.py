"""A patient's data keys destroyed, and those of messages that speak of nobody else."""

from asyncpg import Record

from wholerecord.errors import Conflict, NotFound
from wholerecord.people.blocking import keys
from wholerecord.record import PatientId
from wholerecord.record.erasing import Forgotten
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import unpack
from wholerecord.storage.sealed import key_number
from wholerecord.storage.text import storable


class Eraser:
    """See `record.erasing.Erasing`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def erase(self, patient: PatientId, *, by: str, why: str) -> Forgotten:
        """See `record.erasing.Erasing.erase`."""
        async with self._database.transaction() as connection:
            rows = await connection.fetch(QUERIES["lock_patients"], [patient])
            if not rows:
                raise NotFound(f"No patient has the id {patient}.")
            heads = await connection.fetch(QUERIES["statement_heads"], patient)
            _all_sealed(heads)
            await connection.execute(
                QUERIES["destroy_data_keys"], patient, storable(by), storable(why)
            )
            messages = {row["message"] for row in heads}
            gone = await connection.fetch(QUERIES["destroy_message_keys"], patient, list(messages))
            if found := list(keys(unpack(rows[0]["demographics"]))):
                await connection.execute(QUERIES["drop_keys"], found, [patient] * len(found))
            await connection.execute(QUERIES["forget_demographics"], patient)
            prompts = await connection.fetch(QUERIES["forget_prompts_about"], patient)
        return Forgotten(
            statements=len(heads),
            messages=len(gone),
            left=len(messages) - len(gone),
            prompts=len(prompts),
        )


def _all_sealed(heads: list[Record]) -> None:
    plain = sum(key_number(row["head"]) is None for row in heads)
    if plain:
        raise Conflict(f"{plain} statements were kept before bodies were encrypted.")
