"""SNOMED CT from RF2 files: International or UK; snapshot, full, or a delta with what it changes.

Source: SNOMED International, Release File Specifications, chapters 4 and 5. Of each component the
row of the newest effective time counts, whichever files it is in: that is one rule for full,
snapshot and delta, and it lets an extension and the edition it extends be given together.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from wholerecord.terms.content import SNOMED, BadRelease, Content, Term
from wholerecord.terms.loading.files import Given, table
from wholerecord.terms.loading.rf2_maps import Maps, read_maps

_IS_A = "116680003"
_AGENT = "246075003"  # causative agent: what an allergy is to
_FULL_NAME = "900000000000003001"
_PREFERRED = "900000000000548007"
#: Language reference sets whose preferred words are shown, the first that has one: NHS realm
#: clinical and pharmacy, GB English, US English.
_LANGUAGES = (
    "999001261000000100",
    "999000691000001104",
    "900000000000508004",
    "900000000000509007",
)
_TAG = re.compile(r" \(([^()]+)\)$")
_KIND = r"(?:Full|Snapshot|Delta)"


def newest(
    files: list[Path], id_column: str, *columns: str
) -> dict[str, tuple[str, bool, tuple[str, ...]]]:
    """Each component's newest row by its id: effective time, active, and the cells asked for."""
    found: dict[str, tuple[str, bool, tuple[str, ...]]] = {}
    for path in files:
        for component, time, active, *cells in table(
            path, id_column, "effectiveTime", "active", *columns
        ):
            before = found.get(component)
            if before is None or time > before[0]:
                found[component] = (time, active == "1", tuple(cells))
    return found


def read_snomed(given: Given) -> Content:
    """The concepts, names, is-a relationships and maps of the RF2 files given.

    Raises:
        BadRelease: a file is missing or is not RF2, or a delta is given without what it changes.
    """
    concepts_in = given.wanted(rf"x?sct2_Concept_.*{_KIND}.*\.txt", "sct2_Concept_….txt (RF2)")
    _whole(concepts_in)
    concepts = newest(concepts_in, "id")
    if not concepts:
        raise BadRelease("It holds no concepts.")
    names = _names(given)
    parents, agents = _related(given)
    maps = read_maps(given)
    version = given.version or max(time for time, _, _ in concepts.values())
    return Content(
        kind="snomed",
        system=SNOMED,
        version=version,
        title="SNOMED CT",
        terms=dict(_terms(concepts, names, parents, agents, maps)),
        left_out=maps.left_out,
    )


def _whole(files: list[Path]) -> None:
    if all("delta" in path.name.lower() for path in files):
        raise BadRelease(
            "A delta says only what changed: give it together with the release it changes "
            "(wholerecord terms load snomed RELEASE DELTA)."
        )


class _Names:
    """What one concept is called, as its active descriptions are read."""

    __slots__ = ("full", "rank", "title", "words")

    def __init__(self) -> None:
        self.full, self.title, self.rank = "", "", len(_LANGUAGES) + 1
        self.words: list[str] = []


def _names(given: Given) -> Mapping[str, _Names]:
    files = given.wanted(rf"x?sct2_Description_.*{_KIND}.*\.txt", "sct2_Description_….txt")
    preferred = _preferred(given)
    names: dict[str, _Names] = {}
    described = newest(files, "id", "conceptId", "typeId", "term")
    for description, (_, active, (concept, kind, term)) in sorted(described.items()):
        if not active:
            continue
        one = names.setdefault(concept, _Names())
        if kind == _FULL_NAME:
            one.full = term
            continue
        one.words.append(term)
        rank = preferred.get(description, len(_LANGUAGES))
        if rank < one.rank:
            one.rank, one.title = rank, term
    return names


def _preferred(given: Given) -> dict[str, int]:
    """The place in `_LANGUAGES` of the first language that prefers a description, by its id."""
    files = given.wanted(rf"x?der2_cRefset_Language.*{_KIND}.*\.txt", "der2_cRefset_Language….txt")
    found: dict[str, int] = {}
    members = newest(files, "id", "refsetId", "referencedComponentId", "acceptabilityId")
    for _, active, (language, description, acceptable) in members.values():
        if active and acceptable == _PREFERRED and language in _LANGUAGES:
            rank = _LANGUAGES.index(language)
            found[description] = min(rank, found.get(description, rank))
    return found


def _related(given: Given) -> tuple[Mapping[str, list[str]], Mapping[str, str]]:
    """Each concept's parents, and its causative agent where it has one."""
    pattern = rf"x?sct2_Relationship_.*{_KIND}.*\.txt"  # stated relationships lie in another file
    files = given.wanted(pattern, "sct2_Relationship_….txt")
    parents: dict[str, list[str]] = {}
    agents: dict[str, str] = {}
    for _, active, (source, target, kind) in newest(
        files, "id", "sourceId", "destinationId", "typeId"
    ).values():
        if active and kind == _IS_A:
            parents.setdefault(source, []).append(target)
        elif active and kind == _AGENT:
            agents[source] = min(target, agents.get(source, target))
    return parents, agents


def _terms(
    concepts: Mapping[str, tuple[str, bool, tuple[str, ...]]],
    names: Mapping[str, _Names],
    parents: Mapping[str, list[str]],
    agents: Mapping[str, str],
    maps: Maps,
) -> Iterator[tuple[str, Term]]:
    nameless = _Names()
    for code, (_, active, _) in concepts.items():
        said = names.get(code, nameless)
        tag = _TAG.search(said.full)
        title = said.title or (said.full[: tag.start()] if tag else said.full) or code
        yield (
            code,
            Term(
                code=code,
                title=title,
                full=said.full,
                words=tuple(dict.fromkeys(word for word in said.words if word != title)),
                active=active,
                tag=tag[1] if tag else "",
                parents=tuple(sorted(set(parents.get(code, ())))) if active else (),
                facts={"agent": agents[code]} if code in agents else {},
                maps=tuple(maps.of(code)),
            ),
        )
