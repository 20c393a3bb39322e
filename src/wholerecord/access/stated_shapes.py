"""What of a statement says whose organisation it names, and when: narrow shapes of FHIR R4."""

from collections.abc import Callable, Iterator

import msgspec

from wholerecord.fold.shape import Identifier, Part, Period, Reference

_NOBODY = Reference()


class Organization(Part, frozen=True):
    """An organisation, contained or by itself."""

    id: str = ""
    identifier: tuple[Identifier, ...] = ()


class Names(Part, frozen=True):
    """What names organisations. `contained` are those that stand in the statement itself."""

    period: Period = Period()
    contained: tuple[Organization, ...] = ()

    def places(self) -> Iterator[Reference]:
        """Every reference that may be an organisation's."""
        yield from ()


class Registered(Names, frozen=True):
    """Patient."""

    general_practitioner: tuple[Reference, ...] = ()

    def places(self) -> Iterator[Reference]:
        """The practice, and doctors: those are no organisation."""
        yield from self.general_practitioner


class Stayed(Names, frozen=True):
    """Encounter."""

    service_provider: Reference = _NOBODY

    def places(self) -> Iterator[Reference]:
        """Who gave the care."""
        yield self.service_provider


class Episode(Names, frozen=True):
    """EpisodeOfCare."""

    managing_organization: Reference = _NOBODY

    def places(self) -> Iterator[Reference]:
        """Who is responsible."""
        yield self.managing_organization


class Referred(Names, frozen=True):
    """ServiceRequest."""

    authored_on: str = ""
    performer: tuple[Reference, ...] = ()

    def places(self) -> Iterator[Reference]:
        """Who is asked."""
        yield from self.performer


class Taking(Part, frozen=True):
    """One participant of a care team."""

    member: Reference = _NOBODY
    on_behalf_of: Reference = _NOBODY


class Team(Names, frozen=True):
    """CareTeam."""

    managing_organization: tuple[Reference, ...] = ()
    participant: tuple[Taking, ...] = ()

    def places(self) -> Iterator[Reference]:
        """Who manages it, and the organisations that take part or for which somebody does."""
        yield from self.managing_organization
        for one in self.participant:
            yield one.member
            yield one.on_behalf_of


#: By FHIR type.
READ: dict[str, Callable[[bytes], Names]] = {
    "Patient": msgspec.json.Decoder(Registered).decode,
    "Encounter": msgspec.json.Decoder(Stayed).decode,
    "EpisodeOfCare": msgspec.json.Decoder(Episode).decode,
    "ServiceRequest": msgspec.json.Decoder(Referred).decode,
    "CareTeam": msgspec.json.Decoder(Team).decode,
}
READ_ORGANIZATION = msgspec.json.Decoder(Organization).decode
