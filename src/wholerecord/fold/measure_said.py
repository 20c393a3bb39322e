"""What one statement says was measured.

Source: FHIR R4 Observation, DiagnosticReport and Specimen; observation-status.
"""

import msgspec
from msgspec import Raw

from wholerecord.fold.labels import labels_in
from wholerecord.fold.measurand import Measurand, Range, measurand
from wholerecord.fold.record import Component
from wholerecord.fold.shape import (
    NO_META,
    NOT_SAID,
    NOTHING,
    Annotation,
    Attachment,
    Coded,
    Heard,
    Identifier,
    Part,
    Period,
    Quantity,
    Reference,
    Shape,
    codings,
    named,
)


class Ratio(Part, frozen=True):
    """`Ratio`."""

    numerator: Quantity | None = None
    denominator: Quantity | None = None


class Valued(Shape, frozen=True):
    """Something with a `value[x]`: an observation, or a part of one."""

    value_quantity: Quantity | None = None
    value_codeable_concept: Coded | None = None
    value_string: str = ""
    value_boolean: bool | None = None
    value_integer: int | None = None
    value_date_time: str = ""
    value_time: str = ""
    value_range: Range | None = None
    value_ratio: Ratio | None = None
    value_period: Period | None = None
    data_absent_reason: Coded | None = None


class PartSaid(Valued, frozen=True):
    """`Observation.component`."""

    code: Coded = NOT_SAID

    @property
    def component(self) -> Component:
        """As a part of a measure."""
        quantity = self.value_quantity
        return Component(
            title=self.code.words,
            value=value_of(self),
            number=quantity.value if quantity and not quantity.comparator else None,
            unit=(quantity.unit or quantity.code) if quantity else "",
            code=self.code.coding[0] if self.code.coding else None,
        )


class ObservationSaid(Valued, frozen=True):
    """FHIR Observation. What thousands of them repeat stays raw: `measurand` is what it means."""

    identifier: tuple[Identifier, ...] = ()
    status: str = ""
    category: Raw = NOTHING
    code: Raw = NOTHING
    effective_date_time: str = ""
    effective_instant: str = ""
    effective_period: Period | None = None
    issued: str = ""
    performer: tuple[Reference, ...] = ()
    interpretation: Raw = NOTHING
    reference_range: Raw = NOTHING
    component: tuple[PartSaid, ...] = ()
    has_member: tuple[Reference, ...] = ()
    part_of: tuple[Reference, ...] = ()
    focus: tuple[Reference, ...] = ()
    specimen: Reference | None = None
    method: Raw = NOTHING
    note: tuple[Annotation, ...] = ()

    def heard(self) -> Heard:
        # Written out at once: seven in ten statements of a record are observations.
        span, flag, how = self.reference_range, self.interpretation, self.method
        what = measurand(  # a decode error where it is not as FHIR R4 has it
            (
                bytes(self.code),
                bytes(self.category),
                b"" if span is NOTHING else bytes(span),
                b"" if flag is NOTHING else bytes(flag),
                b"" if how is NOTHING else bytes(how),
            )
        )
        meta, tags, labels = self.meta, what.tags, what.labels
        if meta is not NO_META and (meta.tag or meta.security):
            tags = (*meta.tag, *tags)
            labels = labels_in((*meta.security, *tags))
        by = named(*self.performer) if self.performer else ""
        happened = self.effective_date_time or self.effective_instant
        if not happened and self.effective_period is not None:
            happened = self.effective_period.start
        return (what.coded, what.words, happened, self.issued, self.status, by, tags, labels, what)

    @property
    def valued(self) -> bool:
        """Whether it says a value itself, rather than only naming its members."""
        return bool(self.component) or value_of(self) != ""


#: What the bytes of an Observation say.
read_observation = msgspec.json.Decoder(ObservationSaid).decode


class ReportSaid(Shape, frozen=True):
    """FHIR DiagnosticReport."""

    identifier: tuple[Identifier, ...] = ()
    status: str = ""
    category: tuple[Coded, ...] = ()
    code: Coded = NOT_SAID
    effective_date_time: str = ""
    effective_period: Period | None = None
    issued: str = ""
    performer: tuple[Reference, ...] = ()
    result: tuple[Reference, ...] = ()
    conclusion: str = ""
    presented_form: tuple[Attachment, ...] = ()
    imaging_study: tuple[Reference, ...] = ()

    def heard(self) -> Heard:
        period = self.effective_period
        return self.says(
            self.code,
            happened=self.effective_date_time or (period.start if period else ""),
            written=self.issued,
            state=self.status,
            by=named(*self.performer),
            tags=codings(self.category),
        )

    @property
    def worded(self) -> bool:
        """Whether it says something itself, rather than only naming its results."""
        return bool(self.conclusion or self.presented_form or not self.result)


class SpecimenSaid(Shape, frozen=True):
    """FHIR Specimen."""

    identifier: tuple[Identifier, ...] = ()
    accession_identifier: Identifier | None = None
    type: Coded = NOT_SAID
    received_time: str = ""

    def heard(self) -> Heard:
        return self.says(self.type, happened=self.received_time)


#: Tags of what was measured at home.
_HOME = frozenset({"home", "patient-generated", "self-measured"})


def at_home(body: ObservationSaid, what: Measurand) -> bool:
    """Whether it was measured at home: by its method's words, or by the person, or so tagged."""
    if what.at_home:
        return True
    for one in body.performer:
        if one.reference.startswith("Patient/"):
            return True
    tags = body.meta.tag
    return bool(tags) and any(tag.code in _HOME for tag in tags)


def value_of(said: Valued) -> str:
    """The value as written, "" when none is said."""
    if said.value_quantity is not None:
        return said.value_quantity.said
    if said.value_string:
        return said.value_string
    if said.value_codeable_concept is not None:
        return said.value_codeable_concept.words
    return _rarely(said)


def _rarely(said: Valued) -> str:
    if said.value_boolean is not None:
        return "yes" if said.value_boolean else "no"
    if said.value_integer is not None:
        return str(said.value_integer)
    if (span := said.value_range) is not None:
        low, high = span.low, span.high
        return f"{low.words if low else ''} to {high.words if high else ''}".strip()
    if (ratio := said.value_ratio) is not None:
        top, bottom = ratio.numerator, ratio.denominator
        return f"{top.words if top else ''}/{bottom.words if bottom else ''}"
    if (period := said.value_period) is not None:
        return f"{period.start} to {period.end}"
    return said.value_date_time or said.value_time
