"""The channels of a site: a file that says where to listen, look and collect, and for whom.

    [[mllp]]
    port = 2576
    certificate = "server.pem"
    key = "server.key"
    clients = "clients.pem"
    sources = { "pas.trust.example" = "pas", "sha256:9f86…" = "pathology" }

    [[https]]
    port = 8443
    certificate = "server.pem"
    key = "server.key"
    clients = "clients.pem"
    sources = { "gp.example" = "gp" }

    [[folder]]
    path = "/srv/in/social-care"
    source = "social-care"

    [[mesh]]
    url = "https://msg.intspineservices.nhs.uk"
    mailbox = "X26HC005"
    source = "pathology"
    password = "mesh.password"
    shared_key = "mesh.shared"

    [[opt_outs]]
    url = "https://msg.intspineservices.nhs.uk"
    mailbox = "X26HC006"
    to = "X26HC036"
    password = "opt-outs.password"
    shared_key = "mesh.shared"

    [[corrections]]
    source = "gp"
    fhir = "https://gp.example/fhir"

    [[corrections_mesh]]
    source = "pathology"
    to = "X26HC009"
    url = "https://msg.intspineservices.nhs.uk"
    mailbox = "X26HC007"
    password = "corrections.password"
    shared_key = "mesh.shared"

The last two say how a source is asked to put right what it said; every other is asked by letter.
Paths are taken from the file's own folder. Passwords and keys are in files of their own and never
in this one. What is not given is the secure choice: a listener is on loopback, and one that is to
be reached from elsewhere must have a certificate, or say `plain = true`.
"""

from collections.abc import Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from wholerecord.errors import Incorrect
from wholerecord.intake.mllp import Limits, NotNow
from wholerecord.intake.secure import Tls

#: Days that a look-up counts: `consent.lookup.LASTS`, which a test holds this to.
_LASTS = 7


class BadChannels(Incorrect):
    """The file of channels is not as it must be: put right what is named, and start again."""


class MllpChannel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A port that listens. `source` for all that comes, or `sources` by client certificate.

    `not_now` is by source what it hears when a message cannot be kept now: `AR`, which is what a
    source that is not named hears, `AE`, or `close`.
    """

    port: int
    host: str = "127.0.0.1"
    source: str = ""
    sources: dict[str, str] = {}
    certificate: str = ""
    key: str = ""
    clients: str = ""
    plain: bool = False
    connections: int = 256
    per_source: int = 64
    idle_seconds: float = 3600.0
    not_now: dict[str, NotNow] = {}

    @property
    def limits(self) -> Limits:
        """What it lets its senders have."""
        return Limits(
            connections=self.connections, per_source=self.per_source, idle=self.idle_seconds
        )

    @property
    def source_of(self) -> Callable[[Sequence[str]], str | None]:
        """The source of a connection: by the names of its certificate where there are any."""
        sources = {name.lower(): source for name, source in self.sources.items()}
        return lambda names: next(
            (sources[name] for name in names if name in sources), self.source or None
        )

    def tls(self, folder: Path) -> Tls | None:
        """Its certificates, or None where it has none."""
        if not self.certificate:
            return None
        return Tls(
            certificate=folder / self.certificate,
            key=folder / (self.key or self.certificate),
            clients=folder / self.clients if self.clients else None,
        )

    def wrong(self) -> str:
        """What is wrong with it, or nothing."""
        if not (self.source or self.sources):
            return "it has no source"
        if self.sources and not self.clients:
            return "sources by certificate need the authorities of the clients (clients)"
        if self.clients and self.source:
            return "with client certificates the certificate names the source: leave out source"
        if self.clients and not self.certificate:
            return "client certificates need a certificate of ours"
        if unknown := sorted(self.not_now.keys() - {self.source, *self.sources.values()}):
            return f"not_now names {unknown[0]}, which is no source of it"
        if not (self.certificate or self.plain or _is_loopback(self.host)):
            return "it is reached from elsewhere without TLS: give a certificate, or plain = true"
        return ""


class HttpsChannel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A port that takes `POST /intake/{source}` from whoever brings the certificate of a source."""

    port: int
    sources: dict[str, str]
    certificate: str
    clients: str
    key: str = ""
    host: str = "127.0.0.1"

    def source_of(self, names: Sequence[str]) -> str | None:
        """The source of a certificate with these names."""
        sources = {name.lower(): source for name, source in self.sources.items()}
        return next((sources[name] for name in names if name in sources), None)

    def tls(self, folder: Path) -> Tls:
        """Its certificates."""
        return Tls(
            certificate=folder / self.certificate,
            key=folder / (self.key or self.certificate),
            clients=folder / self.clients,
        )

    def wrong(self) -> str:
        """What is wrong with it, or nothing."""
        if not (self.certificate and self.clients):
            return "it needs a certificate, and the authorities of the clients (clients)"
        return "" if self.sources else "it has no source"


class FolderChannel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder that is watched. With `sidecars` a letter and its side-car wait for each other."""

    path: str
    source: str
    every_seconds: float = 1.0
    sidecars: bool = False
    sidecar_seconds: float = 3600.0


class Postbox(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A MESH mailbox. Its secrets are the names of files."""

    url: str
    mailbox: str
    password: str
    shared_key: str
    authorities: str = ""
    certificate: str = ""
    key: str = ""
    every_seconds: float = 300.0


class MeshChannel(Postbox, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mailbox that is looked into for what `source` sends."""

    source: str


class OptOutsChannel(Postbox, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mailbox of its own from which the national data opt-outs are looked up, every few days.

    `to` is the mailbox of the Check for National Data Opt-outs Service, which is another in each of
    MESH's environments; `workflow` is what that service is asked and answers under.
    """

    to: str
    workflow: str = "SPINE_NTT_UPHOLDING"
    every_days: float = 6.0

    def wrong(self) -> str:
        """What is wrong with it, or nothing."""
        if not 0 < self.every_days < _LASTS:
            return f"a look-up lasts {_LASTS} days: ask more often"
        return "" if self.to and self.to != self.mailbox else "it asks nobody (to)"


class CorrectionsByFhir(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A FHIR server on which `source` takes requests to put right what it said, as Tasks.

    Its host is one of those that the site sends to (`WHOLERECORD_RECEIVERS`).
    """

    source: str
    fhir: str

    def wrong(self) -> str:
        """What is wrong with it, or nothing."""
        if not self.source:
            return "it has no source"
        try:
            parts = urlsplit(self.fhir)
        except ValueError:
            return "fhir is no address"
        there = parts.scheme in ("https", "http") and parts.hostname
        return "" if there else "fhir is no address"


class CorrectionsByMesh(Postbox, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The mailbox `to` which requests to `source` go, under that workflow, from ours."""

    source: str
    to: str
    workflow: str = "WHOLERECORD_CORRECTION"

    def wrong(self) -> str:
        """What is wrong with it, or nothing."""
        if not self.source:
            return "it has no source"
        return "" if self.to and self.to != self.mailbox else "it asks nobody (to)"


class Channels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every channel of a site, beside the one of pages and HTTP."""

    mllp: tuple[MllpChannel, ...] = ()
    https: tuple[HttpsChannel, ...] = ()
    folder: tuple[FolderChannel, ...] = ()
    mesh: tuple[MeshChannel, ...] = ()
    opt_outs: tuple[OptOutsChannel, ...] = ()
    corrections: tuple[CorrectionsByFhir, ...] = ()
    corrections_mesh: tuple[CorrectionsByMesh, ...] = ()


def channels(said: str) -> Channels:
    """The channels that a file's text names.

    Raises:
        BadChannels: it is not TOML, or names what there is not, or asks for what is not safe.
    """
    try:
        found = msgspec.toml.decode(said, type=Channels)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise BadChannels(str(error)) from None
    for number, each in enumerate(found.mllp, start=1):
        if wrong := each.wrong():
            raise BadChannels(f"mllp {number} (port {each.port}): {wrong}.")
    for number, each in enumerate(found.https, start=1):
        if wrong := each.wrong():
            raise BadChannels(f"https {number} (port {each.port}): {wrong}.")
    if len(found.opt_outs) > 1:
        raise BadChannels("opt_outs: one is enough.")
    for each in found.opt_outs:
        if wrong := each.wrong():
            raise BadChannels(f"opt_outs (mailbox {each.mailbox}): {wrong}.")
    _check_corrections(found)
    return found


def _check_corrections(found: Channels) -> None:
    """See that every source is asked in one way, and that there is one.

    Raises:
        BadChannels: it is not so.
    """
    asked: set[str] = set()
    for each in (*found.corrections, *found.corrections_mesh):
        if wrong := each.wrong() or ("it is named twice" if each.source in asked else ""):
            raise BadChannels(f"corrections (source {each.source}): {wrong}.")
        asked.add(each.source)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
