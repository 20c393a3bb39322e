"""A time stamp by somebody else: asked for, and checked. Pure but for the random number.

An authority signs the hash of what it is sent together with the time. So whoever holds the stamp of
a seal knows that the log of openings began so by then, whoever has the key that seals it now.

Source: RFC 3161 (2.2: what a requester checks; 2.3: the certificate), RFC 5816, RFC 5652 section 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID

from wholerecord.audit import stamp_form as form
from wholerecord.errors import Incorrect

T = TypeVar("T")
_SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")
_HASHES: dict[x509.ObjectIdentifier, type[hashes.HashAlgorithm]] = {
    _SHA256: hashes.SHA256,
    x509.ObjectIdentifier("2.16.840.1.101.3.4.2.2"): hashes.SHA384,
    x509.ObjectIdentifier("2.16.840.1.101.3.4.2.3"): hashes.SHA512,
}
_SIGNED_DATA = x509.ObjectIdentifier("1.2.840.113549.1.7.2")
_TIME_STAMP = x509.ObjectIdentifier("1.2.840.113549.1.9.16.1.4")
_CONTENT_TYPE = x509.ObjectIdentifier("1.2.840.113549.1.9.3")
_DIGEST = x509.ObjectIdentifier("1.2.840.113549.1.9.4")
_SIGNED_BY = {
    x509.ObjectIdentifier("1.2.840.113549.1.9.16.2.47"): hashes.SHA256(),
    x509.ObjectIdentifier("1.2.840.113549.1.9.16.2.12"): hashes.SHA1(),  # noqa: S303 - RFC 2634
}
_GRANTED = frozenset({0, 1})


class BadStamp(Incorrect):
    """It is no time stamp of this by an authority that this site trusts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A time stamp in DER, and the time that the authority says."""

    token: bytes
    at: datetime


def request_of(said: bytes, nonce: int) -> bytes:
    """The request for a time stamp of this, in DER; the answer has to repeat the nonce."""
    imprint = form.Imprint(
        algorithm=form.Algorithm(oid=_SHA256, none=asn1.Null()), hashed=sha256(said).digest()
    )
    asked = form.Request(version=1, imprint=imprint, nonce=nonce, with_certificates=True)
    return asn1.encode_der(asked)


def stamp_in(answer: bytes, said: bytes, nonce: int, trusted: Sequence[x509.Certificate]) -> Stamp:
    """The time stamp in an authority's answer, checked.

    Raises:
        BadStamp: it was not given, or is not one of this.
    """
    read = _read(form.Answer, answer)
    if read.status.status not in _GRANTED or read.token is None:
        raise BadStamp(f"The authority refused it, with status {read.status.status}.")
    token = asn1.encode_der(read.token)
    return Stamp(token=token, at=stamped(token, said, trusted, nonce=nonce))


def stamped(
    token: bytes, said: bytes, trusted: Sequence[x509.Certificate], *, nonce: int | None = None
) -> datetime:
    """When the holder of a certificate that comes of a trusted one stamped this.

    Raises:
        BadStamp: nobody such did.
    """
    read = _read(form.Token, token)
    content = read.signed.content
    if read.type != _SIGNED_DATA or content.type != _TIME_STAMP:
        raise BadStamp("It is not a time stamp.")
    info = _read(form.Info, content.octets)
    if info.imprint.algorithm.oid != _SHA256 or info.imprint.hashed != sha256(said).digest():
        raise BadStamp("It is a time stamp of something else.")
    if nonce is not None and info.nonce != nonce:
        raise BadStamp("It answers another request.")
    at = info.at.as_datetime()
    try:
        _check(read.signed, trusted, at)
    except (ValueError, x509.InvalidVersion):  # read piece by piece, so it may turn out anywhere
        raise BadStamp("A certificate in it cannot be read.") from None
    return at


def _check(signed: form.Signed, trusted: Sequence[x509.Certificate], at: datetime) -> None:
    """Nothing, where it was signed then by one who comes of a trusted one."""
    signers = signed.signers.as_list()
    if len(signers) != 1:
        raise BadStamp("It is signed by several, or by nobody.")
    known = _certificates(signed)
    signer = _signer_of(signers[0], known)
    _check_signed(signers[0], signer, signed.content.octets)
    _check_trusted(signer, known, trusted, at)


def _certificates(signed: form.Signed) -> list[x509.Certificate]:
    raw = (asn1.encode_der(each) for each in signed.certificates or ())
    return [x509.load_der_x509_certificate(each) for each in raw]


def _signer_of(signer: form.Signer, known: Sequence[x509.Certificate]) -> x509.Certificate:
    """The certificate that it says it was signed with."""
    issued = _read(form.Issued, asn1.encode_der(signer.who))
    issuer = asn1.encode_der(issued.issuer)
    for each in known:
        if each.serial_number == issued.serial and each.issuer.public_bytes() == issuer:
            return each
    raise BadStamp("The certificate that it was signed with is not in it.")


def _check_signed(signer: form.Signer, by: x509.Certificate, octets: bytes) -> None:
    """Nothing, where the content is what was signed, by that certificate's key."""
    algorithm = _HASHES.get(signer.digest.oid)
    if algorithm is None:
        raise BadStamp("It is signed by a hash that is not taken here.")
    raw = asn1.encode_der(signer.signed)
    said = _read(form.Attributes, asn1.encode_der(form.Named(one=signer.signed))).every
    values = {one.type: one.values.as_list() for one in said}
    if [_one(values, _CONTENT_TYPE, x509.ObjectIdentifier)] != [_TIME_STAMP]:
        raise BadStamp("It was not signed as a time stamp.")
    if _one(values, _DIGEST, bytes) != _hashed(algorithm(), octets):
        raise BadStamp("It was altered after it was signed.")
    named = next((one for one in _SIGNED_BY if one in values), None)
    if named is None or not _names(_one(values, named, form.SignedByAll), named, by):
        raise BadStamp("It does not say with which certificate it was signed.")
    try:
        _verify(by, signer.signature, b"\x31" + raw[1:], algorithm())
    except (InvalidSignature, UnsupportedAlgorithm):
        raise BadStamp("Its signature is not by that certificate.") from None


def _one(
    values: dict[x509.ObjectIdentifier, list[asn1.TLV]], name: x509.ObjectIdentifier, sort: type[T]
) -> T | None:
    given = values.get(name, [])
    if len(given) != 1:
        return None
    try:
        return asn1.decode_der(sort, asn1.encode_der(given[0]))
    except ValueError:
        return None


def _names(
    said: form.SignedByAll | None, name: x509.ObjectIdentifier, by: x509.Certificate
) -> bool:
    """Whether the first certificate it says it was signed with is that one."""
    if said is None or not said.certificates:
        return False
    first = said.certificates[0]
    algorithm = _SIGNED_BY[name]
    if first.algorithm is not None:
        known = _HASHES.get(first.algorithm.oid)
        if known is None:
            return False
        algorithm = known()
    return first.hashed == by.fingerprint(algorithm)


def _verify(
    by: x509.Certificate, signature: bytes, said: bytes, algorithm: hashes.HashAlgorithm
) -> None:
    key = by.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, said, padding.PKCS1v15(), algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, said, ec.ECDSA(algorithm))
    elif isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, said)
    else:
        raise UnsupportedAlgorithm("another key")


def _check_trusted(
    signer: x509.Certificate,
    known: Sequence[x509.Certificate],
    trusted: Sequence[x509.Certificate],
    at: datetime,
) -> None:
    """Nothing, where the certificate was for time stamps alone and good then, by a trusted one."""
    if not trusted:
        raise BadStamp("No authority is trusted here.")
    policy = verification.PolicyBuilder().store(verification.Store(list(trusted))).time(at)
    permit = verification.ExtensionPolicy.permit_all
    agnostic, critical = verification.Criticality.AGNOSTIC, verification.Criticality.CRITICAL
    verifier = policy.extension_policies(
        ca_policy=permit().require_present(x509.BasicConstraints, agnostic, _may_issue),
        ee_policy=permit().require_present(x509.ExtendedKeyUsage, critical, _is_for_stamps),
    ).build_client_verifier()
    try:
        verifier.verify(signer, [each for each in known if each != signer])
    except verification.VerificationError:
        raise BadStamp("Its certificate does not come of one that is trusted here.") from None


def _may_issue(
    _policy: verification.Policy, _one: x509.Certificate, said: x509.BasicConstraints
) -> None:
    if not said.ca:
        raise ValueError("It issues no certificates.")


def _is_for_stamps(
    _policy: verification.Policy, _one: x509.Certificate, said: x509.ExtendedKeyUsage
) -> None:
    if list(said) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise ValueError("It is not for time stamps alone.")


def _hashed(algorithm: hashes.HashAlgorithm, said: bytes) -> bytes:
    made = hashes.Hash(algorithm)
    made.update(said)
    return made.finalize()


def _read(sort: type[T], raw: bytes) -> T:
    try:
        return asn1.decode_der(sort, raw)
    except ValueError:
        raise BadStamp("It cannot be read.") from None
