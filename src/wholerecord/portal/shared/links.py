"""Where the pages of one person's record are, as it is now or as it was known at a moment."""

from dataclasses import dataclass
from urllib.parse import urlencode

from wholerecord.fold import Entry, Kind, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses under `base` (`/people/…`, `/me`, `/me/for/…`). `at` is as asked for, or ""."""

    base: str
    at: str = ""

    def entry(self, entry: Entry) -> str:
        """Where an entry comes from."""
        return f"{self.base}/entries/{entry.key}{self.query()}"  # hexadecimal digits

    def kind(self, kind: Kind) -> str:
        """All entries of a kind."""
        return f"{self.base}/{kind.value}{self.query()}"

    def page(self, name: str) -> str:
        """One of the person's other pages."""
        return f"{self.base}/{name}{self.query()}"

    def message(self, said: Said) -> str:
        """The message a statement came in, at its place in it. A message never changes: no `at`."""
        return f"{self.base}/messages/{said.message}?{urlencode({'place': said.place})}"

    def query(self, **more: str) -> str:
        """The query that keeps the moment, with `more`; "" when there is nothing to keep."""
        if not self.at and not more:
            return ""
        asked = {"at": self.at, **more}
        kept = {name: value for name, value in asked.items() if value}
        return f"?{urlencode(kept)}" if kept else ""
