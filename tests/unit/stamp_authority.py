"""A small authority that stamps: what it answers is right unless it is told to do wrong."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from wholerecord.audit import stamp_form as form

OID = x509.ObjectIdentifier
SHA256, SHA1 = OID("2.16.840.1.101.3.4.2.1"), OID("1.3.14.3.2.26")
TIME_STAMP = OID("1.2.840.113549.1.9.16.1.4")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STAMPS = ExtendedKeyUsageOID.TIME_STAMPING


@asn1.sequence
class Bare:
    one: x509.ObjectIdentifier


@asn1.sequence
class BareBytes:
    one: bytes


@asn1.sequence
class BareNames:
    one: form.SignedByAll


def inner(value) -> asn1.TLV:
    """What stands in a sequence of one."""
    return asn1.decode_der(form.Named, asn1.encode_der(value)).one


def certificate(name, key, by=None, by_key=None, *, usage=None, until=NOW + timedelta(days=9)):
    issuer = by.subject if by else named(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=9))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=usage is None, path_length=None), critical=True)
    )
    if usage is not None:
        made = made.add_extension(x509.ExtendedKeyUsage(usage), critical=True)
    return made.sign(by_key or key, hashes.SHA256())


def named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass
class Authority:
    """What may be changed of its answers has a name here."""

    usage: list = field(default_factory=lambda: [STAMPS])
    until: datetime = NOW + timedelta(days=9)
    at: datetime = NOW
    status: int = 0
    signs: str = "rsa"
    content: x509.ObjectIdentifier = TIME_STAMP
    altered: bytes = b""
    other_signer: bool = False
    algorithm: x509.ObjectIdentifier = SHA256

    def __post_init__(self):
        self.root_key = ec.generate_private_key(ec.SECP256R1())
        self.root = certificate("Root", self.root_key)
        curve = self.signs == "ec"
        self.key = (
            ec.generate_private_key(ec.SECP256R1())
            if curve
            else rsa.generate_private_key(public_exponent=65537, key_size=2048)
        )
        self.mine = certificate(
            "Stamps", self.key, self.root, self.root_key, usage=self.usage, until=self.until
        )

    def answer(self, request: bytes) -> bytes:
        asked = asn1.decode_der(form.Request, request)
        if self.status > 1:
            return asn1.encode_der(form.Answer(status=form.Status(status=self.status)))
        token = self.token(asked.imprint.hashed, asked.nonce)
        return asn1.encode_der(form.Answer(status=form.Status(status=self.status), token=token))

    def token(self, hashed: bytes, nonce: int | None) -> form.Token:
        info = form.Info(
            version=1,
            policy=OID("1.2.3.4"),
            imprint=form.Imprint(algorithm=form.Algorithm(oid=self.algorithm), hashed=hashed),
            serial=7,
            at=asn1.GeneralizedTime(self.at),
            accuracy=form.Accuracy(seconds=1),
            nonce=nonce,
        )
        octets = asn1.encode_der(info)
        return form.Token(
            type=OID("1.2.840.113549.1.7.2"),
            signed=form.Signed(
                version=3,
                digests=asn1.SetOf([form.Algorithm(oid=SHA256)]),
                content=form.Content(type=TIME_STAMP, octets=octets + self.altered),
                certificates=[inner(form.Named(one=_der(one))) for one in (self.mine, self.root)],
                signers=asn1.SetOf([self.signer(octets)]),
            ),
        )

    def signer(self, octets: bytes) -> form.Signer:
        names = self.root if self.other_signer else self.mine
        by = form.SignedBy(hashed=names.fingerprint(hashes.SHA256()))
        every = [
            attribute("1.2.840.113549.1.9.3", inner(Bare(one=self.content))),
            attribute("1.2.840.113549.1.9.4", inner(BareBytes(one=sha256(octets).digest()))),
            attribute(
                "1.2.840.113549.1.9.16.2.47",
                inner(BareNames(one=form.SignedByAll(certificates=[by]))),
            ),
        ]
        signed = inner(form.Attributes(every=every))
        said = b"\x31" + asn1.encode_der(signed)[1:]
        rule = OID("1.2.840.113549.1.1.1" if self.signs == "rsa" else "1.2.840.10045.4.3.2")
        return form.Signer(
            version=1,
            who=inner(
                form.Named(
                    one=_tlv(
                        form.Issued(
                            issuer=asn1.decode_der(asn1.TLV, self.mine.issuer.public_bytes()),
                            serial=self.mine.serial_number,
                        )
                    )
                )
            ),
            digest=form.Algorithm(oid=SHA256),
            signed=signed,
            algorithm=form.Algorithm(oid=rule),
            signature=self.sign(said),
        )

    def sign(self, said: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(said, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(said, ec.ECDSA(hashes.SHA256()))


def attribute(name: str, value: asn1.TLV) -> form.Attribute:
    return form.Attribute(type=OID(name), values=asn1.SetOf([value]))


def _tlv(value) -> asn1.TLV:
    return asn1.decode_der(asn1.TLV, asn1.encode_der(value))


def _der(one: x509.Certificate) -> asn1.TLV:
    return asn1.decode_der(asn1.TLV, one.public_bytes(Encoding.DER))
