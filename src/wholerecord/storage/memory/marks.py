"""What the program remembers of a store itself."""

from wholerecord.storage.memory.tables import Tables


class Marks:
    """See `record.Marks`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def mark(self, name: str) -> str:
        """See `record.Marks.mark`."""
        return self._tables.marks.get(name, "")

    async def set_mark(self, name: str, value: str) -> None:
        """See `record.Marks.set_mark`."""
        self._tables.marks[name] = value
