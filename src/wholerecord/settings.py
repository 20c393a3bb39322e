"""What two sites really do differently, from the environment: see docs/reference/settings.md."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wholerecord.errors import Incorrect

_DATABASE = "WHOLERECORD_DATABASE"
_FOLDER = "WHOLERECORD_FOLDER"
_TOKENS = "WHOLERECORD_TOKENS"
_SMTP = "WHOLERECORD_SMTP"
_PUBLISH = "WHOLERECORD_PUBLISH"
_STAMPS = "WHOLERECORD_STAMPS"
_AI = "WHOLERECORD_AI"
_KEYS = "WHOLERECORD_KEYS"
_RECEIVERS = "WHOLERECORD_RECEIVERS"
_SPARK = "WHOLERECORD_SPARK"
_SCHEMES = ("embedded:", "postgresql://", "postgres://")
_DEFAULT = "embedded:.wholerecord"


class BadDatabase(Incorrect):
    """WHOLERECORD_DATABASE must be embedded:DIR or a postgresql:// URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`database` is `embedded:DIR` or a PostgreSQL URL; `folder` holds the site's own secrets.

    `given_tokens` are pairs SOURCE=TOKEN, spaces between, for sites whose secrets come so.
    `smtp` is the mail server that tells people who looked, `publish` where seals are posted to,
    `stamps_at` who stamps them; each may be "". `keys` is `file:PATH` of the keys that bodies are
    encrypted under, or "". `receivers` are the origins that notifications may be sent to, spaces
    between. `spark` is the master of the cluster that studies run on, or "".
    """

    database: str
    folder: Path
    given_tokens: str = ""
    smtp: str = ""
    publish: str = ""
    stamps_at: str = ""
    keys: str = ""
    ai: str = ""
    receivers: str = ""
    spark: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the WHOLERECORD_ variables that docs/reference/settings.md lists.

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
        return cls(
            database=database,
            folder=Path(folder).absolute(),
            given_tokens=environment.get(_TOKENS, ""),
            smtp=environment.get(_SMTP, ""),
            publish=environment.get(_PUBLISH, ""),
            stamps_at=environment.get(_STAMPS, ""),
            ai=environment.get(_AI, ""),
            keys=environment.get(_KEYS, ""),
            receivers=environment.get(_RECEIVERS, ""),
            spark=environment.get(_SPARK, ""),
        )

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
    def stamps(self) -> Path:
        """The folder of the time stamps of seals: copy it elsewhere, too."""
        return self.folder / "stamps"

    @property
    def stamp_authority(self) -> Path:
        """The certificates that time stamps are to come of, if any."""
        return self.folder / "stamp-authority.pem"

    @property
    def outbox(self) -> Path:
        """Where messages to people are written, that no server of ours sends."""
        return self.folder / "outbox"

    @property
    def session_secret(self) -> Path:
        """The secret that sessions are encrypted with."""
        return self.folder / "session.key"

    @property
    def tokens(self) -> Path:
        """The folder of the tokens that sources bring to `POST /intake/{source}`, a file each."""
        return self.folder / "tokens"

    @property
    def channels(self) -> Path:
        """The file that names the channels to listen on, look into and collect from, if any."""
        return self.folder / "channels.toml"

    @property
    def opt_outs(self) -> Path:
        """The folder of the lists of NHS numbers that were sent and are not answered yet."""
        return self.folder / "opt-outs"

    @property
    def indication(self) -> Path:
        """The file that says of what is hidden whether staff are told that something is, if any."""
        return self.folder / "indication.toml"

    @property
    def sign_in(self) -> Path:
        """The file that names the identity providers, if any."""
        return self.folder / "sign-in.toml"

    @property
    def terms(self) -> Path:
        """The folder of the terminology releases that were loaded."""
        return self.folder / "terms"

    @property
    def exports(self) -> Path:
        """The folder of the files that bulk exports are made of, for a day at most."""
        return self.folder / "exports"

    @property
    def imports(self) -> Path:
        """The folder of bulk imports under way, for a day at most."""
        return self.folder / "imports"

    @property
    def studies(self) -> Path:
        """The folder of the keys of study projects, a file each."""
        return self.folder / "studies"

    @property
    def research(self) -> Path:
        """The folder of the snapshots that studies and counts read."""
        return self.folder / "research"

    @property
    def areas(self) -> Path:
        """The look-up of small areas that the site loaded, if any."""
        return self.folder / "areas.csv"

    @property
    def omop(self) -> Path:
        """The folder of the OMOP vocabularies that the site loaded, if any."""
        return self.folder / "omop"

    @property
    def ai_token(self) -> Path:
        """The file of the token that the language model is asked with, if any."""
        return self.folder / "ai.token"

    def __repr__(self) -> str:
        return "Settings(…)"  # a URL can hold a password
