"""What an export is asked for. Source: HL7 Bulk Data Access IG 2.0, "Kick-off Request"."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from wholerecord.access.read_said import Shown
from wholerecord.fhir.given import moment_of, types_of
from wholerecord.fhir.problem import problem
from wholerecord.fhir.query import only

_KNOWN = frozenset({"_outputFormat", "_since", "_type"})
#: Apache Parquet, as the IANA registered it.
PARQUET = "application/vnd.apache.parquet"
_FORMATS = frozenset({"application/fhir+ndjson", "application/ndjson", "ndjson"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The types (empty: all), what was filed from `since` on, and whether as Parquet."""

    types: frozenset[str]
    since: datetime | None
    parquet: bool = False

    def wants(self, shown: Shown) -> bool:
        """Whether it is part of what was asked for, deleted or not."""
        version = shown.version
        if self.types and version.statement.kind not in self.types:
            return False
        if version.gone:  # whoever never had it need not be told
            return self.since is not None and version.filed >= self.since
        return self.since is None or version.filed >= self.since


def asked_of(request: Request) -> Asked:
    """The export a request asks for.

    Raises:
        Problem: 400, it has to prefer to be answered later, or a parameter is wrong.
        Incorrect: a parameter is not known: what it would leave out would be given.
    """
    if "respond-async" not in request.headers.get("prefer", "").replace(" ", "").split(","):
        raise problem(400, "required", "Send Prefer: respond-async: an export takes its time.")
    query = request.query_params
    only(query, _KNOWN)
    written = query.get("_outputFormat", "ndjson").replace(" ", "+")
    parquet = written in {PARQUET, "parquet"}
    if not parquet and written not in _FORMATS:
        says = f"_outputFormat is application/fhir+ndjson or {PARQUET}."
        raise problem(400, "not-supported", says)
    since = moment_of(query.get("_since"), "_since")
    return Asked(types=types_of(query.get("_type")), since=since, parquet=parquet)
