"""TLS for channels: our own certificate, and whose certificates we take.

Source: NHS England's guidance on TLS (1.2 or later), RFC 9325. Nothing here can be made weaker by
a setting.
"""

import hashlib
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wholerecord.errors import Incorrect


class BadCertificate(Incorrect):
    """A certificate, its key, or the certificates of authorities cannot be used.

    See that the file is PEM, that the key is the certificate's own, and that this program may read
    them.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """Files in PEM. `clients` are the authorities whose client certificates are taken, or None.

    With `clients`, whoever brings none, or one of another authority, is not spoken with.
    """

    certificate: Path
    key: Path
    clients: Path | None = None


def listening(tls: Tls) -> ssl.SSLContext:
    """The context a listener speaks TLS with.

    Raises:
        BadCertificate: a file is missing or not what it should be.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _load(context, tls.certificate, tls.key)
    if tls.clients is not None:
        _trust(context, tls.clients)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def sending(
    authorities: Path, certificate: Path | None = None, key: Path | None = None
) -> ssl.SSLContext:
    """The context a sender speaks TLS with, to a listener whom `authorities` vouch for.

    Raises:
        BadCertificate: a file is missing or not what it should be.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _trust(context, authorities)
    if certificate is not None:
        _load(context, certificate, key or certificate)
    return context


def _load(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    try:
        context.load_cert_chain(certificate, key, password="")
    except (OSError, ssl.SSLError) as error:
        raise BadCertificate(certificate.name) from error


def _trust(context: ssl.SSLContext, authorities: Path) -> None:
    try:
        context.load_verify_locations(authorities)
    except (OSError, ssl.SSLError) as error:
        raise BadCertificate(authorities.name) from error


def names_of(certificate: Any, der: bytes | None) -> tuple[str, ...]:
    """What a client certificate is called: its DNS names, its common name, and `sha256:` its hash.

    `certificate` is as `ssl.SSLSocket.getpeercert` gives it. Names are in lower case.
    """
    if not certificate:
        return ()
    names = [name for kind, name in certificate.get("subjectAltName", ()) if kind == "DNS"]
    names += [
        value
        for part in certificate.get("subject", ())
        for kind, value in part
        if kind == "commonName"
    ]
    if der:
        names.append(f"sha256:{hashlib.sha256(der).hexdigest()}")
    return tuple(dict.fromkeys(name.lower() for name in names))
