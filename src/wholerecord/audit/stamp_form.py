"""What a request for a time stamp and its answer look like: ASN.1, written and read as DER.

Source: RFC 3161 sections 2.4.1 and 2.4.2 (request, answer, TSTInfo); RFC 5652 sections 5.1 to 5.3
(SignedData, SignerInfo); RFC 5035 section 3 and RFC 5816 (which certificate signed). Only the
elements there are; what they must say is `stamp`'s. What is a SET and may come unsorted, as many
authorities send it, is read as a list: under a tag of its own it looks the same.
"""

from typing import Annotated

from cryptography import x509
from cryptography.hazmat import asn1


@asn1.sequence
class Algorithm:
    """An algorithm without parameters: those of the hashes and signatures that are read here."""

    oid: x509.ObjectIdentifier
    none: asn1.Null | None = None


@asn1.sequence
class Imprint:
    """The hash of what is stamped."""

    algorithm: Algorithm
    hashed: bytes


@asn1.sequence
class Request:
    """TimeStampReq, without extensions."""

    version: int
    imprint: Imprint
    policy: x509.ObjectIdentifier | None = None
    nonce: int | None = None
    with_certificates: Annotated[bool, asn1.Default(value=False)] = False


@asn1.sequence
class Status:
    """PKIStatusInfo: 0 is granted, 1 granted with changes."""

    status: int
    words: list[str] | None = None
    failure: asn1.BitString | None = None


@asn1.sequence
class Content:
    """What is signed, with its type."""

    type: x509.ObjectIdentifier
    octets: Annotated[bytes, asn1.Explicit(0)]


@asn1.sequence
class Named:
    """An element of any type: a name."""

    one: asn1.TLV


@asn1.sequence
class Attribute:
    """A signed attribute."""

    type: x509.ObjectIdentifier
    values: asn1.SetOf[asn1.TLV]


@asn1.sequence
class Attributes:
    """The signed attributes of a signer, in an element of their own."""

    every: Annotated[list[Attribute], asn1.Implicit(0)]


@asn1.sequence
class Signer:
    """SignerInfo. `signed` is its attributes as they stand, for they are what is signed."""

    version: int
    who: asn1.TLV
    digest: Algorithm
    signed: asn1.TLV
    algorithm: Algorithm
    signature: bytes
    unsigned: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)] = None


@asn1.sequence
class Issued:
    """IssuerAndSerialNumber."""

    issuer: asn1.TLV
    serial: int


@asn1.sequence
class Signed:
    """SignedData."""

    version: int
    digests: asn1.SetOf[Algorithm]
    content: Content
    certificates: Annotated[list[asn1.TLV] | None, asn1.Implicit(0)] = None
    revoked: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)] = None
    signers: asn1.SetOf[Signer]


@asn1.sequence
class Token:
    """ContentInfo of SignedData: the time stamp."""

    type: x509.ObjectIdentifier
    signed: Annotated[Signed, asn1.Explicit(0)]


@asn1.sequence
class Answer:
    """TimeStampResp."""

    status: Status
    token: Token | None = None


@asn1.sequence
class Accuracy:
    """How near the time is: seconds, thousandths and millionths."""

    seconds: int | None = None
    thousandths: Annotated[int | None, asn1.Implicit(0)] = None
    millionths: Annotated[int | None, asn1.Implicit(1)] = None


@asn1.sequence
class Info:
    """TSTInfo: what the authority says."""

    version: int
    policy: x509.ObjectIdentifier
    imprint: Imprint
    serial: int
    at: asn1.GeneralizedTime
    accuracy: Accuracy | None = None
    ordering: Annotated[bool, asn1.Default(value=False)] = False
    nonce: int | None = None
    authority: Annotated[Named | None, asn1.Implicit(0)] = None
    extensions: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)] = None


@asn1.sequence
class SignedBy:
    """ESSCertIDv2, and ESSCertID, which has no algorithm: the hash of the certificate that signed.

    It is by SHA-256 where no algorithm is said, and in the older one by SHA-1.
    """

    algorithm: Algorithm | None = None
    hashed: bytes
    issued: list[asn1.TLV] | None = None


@asn1.sequence
class SignedByAll:
    """SigningCertificateV2, and SigningCertificate."""

    certificates: list[SignedBy]
    policies: list[asn1.TLV] | None = None
