"""What two sites really do differently, from the environment: see docs/reference/settings.md."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wholerecord.errors import Incorrect

_DATABASE = "WHOLERECORD_DATABASE"
_FOLDER = "WHOLERECORD_FOLDER"
_SCHEMES = ("embedded:", "postgresql://", "postgres://")
_DEFAULT = "embedded:.wholerecord"


class BadDatabase(Incorrect):
    """WHOLERECORD_DATABASE must be embedded:DIR or a postgresql:// URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`database` is `embedded:DIR` or a PostgreSQL URL; `folder` holds the site's own secrets."""

    database: str
    folder: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read WHOLERECORD_DATABASE and WHOLERECORD_FOLDER.

        The folder is the embedded database's own unless it is named; with a database by URL it is
        `.wholerecord`.

        Raises:
            BadDatabase: it is neither.
        """
        database = environment.get(_DATABASE) or _DEFAULT
        if not database.startswith(_SCHEMES) or database == "embedded:":
            raise BadDatabase
        kept = database.removeprefix("embedded:")
        folder = environment.get(_FOLDER) or (".wholerecord" if kept == database else kept)
        return cls(database=database, folder=Path(folder).absolute())

    @property
    def embedded(self) -> Path | None:
        """The embedded database's folder, or None when the database is a URL."""
        kept = self.database.removeprefix("embedded:")
        return None if kept == self.database else Path(kept)

    @property
    def seal_key(self) -> Path:
        """The key that seals the log of openings; its owner's eyes only."""
        return self.folder / "seal.key"

    @property
    def published_seals(self) -> Path:
        """Where seals are published: copy this file elsewhere, often."""
        return self.folder / "seals.log"

    @property
    def session_secret(self) -> Path:
        """The secret that sessions are encrypted with."""
        return self.folder / "session.key"

    @property
    def intake_token(self) -> Path:
        """The token that sources bring to `POST /intake/{source}`."""
        return self.folder / "intake.token"

    def __repr__(self) -> str:
        return "Settings(…)"  # a URL can hold a password
