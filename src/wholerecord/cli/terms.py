"""`wholerecord terms`: load published terminology releases, and ask them."""

from collections.abc import Sequence
from pathlib import Path

import click

from wholerecord.cli.run import as_json, print_json
from wholerecord.errors import NotFound
from wholerecord.settings import Settings
from wholerecord.terms import VERSION, concept, in_force, system_name
from wholerecord.terms.content import SNOMED, Map, Term
from wholerecord.terms.loading import KINDS, read_release
from wholerecord.terms.release import Loaded, Shelf
from wholerecord.terms.systems import ADDRESSES
from wholerecord.terms.terminology import NONE_LOADED

_PATH = click.Path(exists=True, path_type=Path)
_system = click.option(
    "--system",
    default="snomed",
    show_default=True,
    help="snomed (dm+d too), icd10, opcs4, loinc, read2, ctv3, ucum, ods, or an address.",
)


@click.group()
def terms() -> None:
    """Terminology: the releases a site has loaded, and what their codes mean."""


@terms.command()
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=_PATH)
@click.option("--version", default="", help="The release's version, where its files do not say.")
@click.option("--system", default="", help="The system of a codelist's codes: a FHIR address.")
@as_json
def load(*, kind: str, paths: Sequence[Path], version: str, system: str, as_json: bool) -> None:
    """Load a release from its unpacked files or folders, in place of the one of its kind.

    What was in force stays in force until the last byte of the new one is durable. A running
    server takes it up when it is next started.
    """
    content = read_release(kind, paths, version=version, system=system)
    name = f"codelist/{content.facts['list']}" if kind == "codelist" else kind
    done = _shelf().load(content, name=name)
    if as_json:
        print_json(_row(done))
        return
    click.echo(f"{done.says} is in force: {done.codes:,} codes, {done.pairs:,} is-a pairs")
    for said in done.left_out:
        click.echo(f"left out: {said}")


@terms.command()
@click.option("--whole", is_flag=True, help="Read every file and compare it with its SHA-256.")
@as_json
def status(*, whole: bool, as_json: bool) -> None:
    """Say which releases are in force. Exits with 1 when one of them is damaged."""
    shelf, found = _shelf(), in_force()
    loaded = shelf.in_force() if not found.faults else found.loaded
    wrong = list(found.faults)
    if whole:
        wrong += [f"{one.name}: not as it was written" for one in loaded if not shelf.whole(one)]
    if as_json:
        rows = [_row(one) for one in loaded]
        print_json({"own": VERSION, "releases": rows, "damaged": wrong})
    else:
        click.echo(f"own value set {VERSION}")
        for one in loaded:
            click.echo(
                f"{one.name} {one.version}: {one.codes:,} codes, {one.pairs:,} is-a pairs, "
                f"{one.size / 1e6:,.1f} MB, loaded {one.loaded:%Y-%m-%d %H:%M} UTC"
            )
        if not loaded:
            click.echo(f"{NONE_LOADED}: what our own value set lacks is compared as it stands")
        for said in wrong:
            click.echo(f"damaged: {said}", err=True)
    if wrong:
        raise SystemExit(1)


@terms.command()
@click.argument("code")
@_system
@as_json
def show(*, code: str, system: str, as_json: bool) -> None:
    """Say what CODE means: names, what it is a kind of, maps, and what the fold makes of it.

    Exits with 2 when no release in force holds it and our own value set does not either.
    """
    address = ADDRESSES.get(system, system)
    term, own = in_force().term(address, code), concept(address, code)
    if term is None and own is None:
        raise NotFound("Neither a release in force nor our own value set holds this code.")
    above = _above(address, code)
    if as_json:
        print_json(
            {
                "system": address,
                "code": code,
                "display": term.title if term else own.title if own else "",
                "active": term.active if term else True,
                "words": list(term.words) if term else [],
                "facts": term.facts if term else {},
                "above": [[one.code, one.title] for one in above],
                "maps": [[one.system, one.code, one.how] for one in term.maps] if term else [],
                "concept": own.id if own else None,
            }
        )
        return
    if term is not None:
        _say(term, above)
    if own is not None:
        click.echo(f"the fold takes it as {own.id}: {own.title} ({own.kind})")


@terms.command()
@click.argument("wide", metavar="A")
@click.argument("narrow", metavar="B")
@_system
def subsumes(*, wide: str, narrow: str, system: str) -> None:
    """Say whether B is A or a kind of it. Exits with 1 when it is not."""
    address, found = ADDRESSES.get(system, system), in_force()
    for code in (wide, narrow):
        if found.term(address, code) is None:
            raise NotFound(f"No release in force holds {code[:40]}.")
    holds = found.subsumes(address, wide, narrow)
    click.echo(f"{narrow} is {'' if holds else 'not '}{wide} or a kind of it")
    if not holds:
        raise SystemExit(1)


@terms.command()
@click.argument("words")
@_system
@click.option("--most", default=20, show_default=True, help="How many to print.")
def find(*, words: str, system: str, most: int) -> None:
    """List the codes in whose names every one of WORDS is, or begins a word."""
    for release in in_force().holding(ADDRESSES.get(system, system)):
        for row in release.search(words)[:most]:
            term = release.term_at(row)
            click.echo(f"{term.code}  {term.title}" + (f"  ({term.tag})" if term.tag else ""))


@terms.command()
@click.argument("name")
def drop(*, name: str) -> None:
    """Take the release NAME out of force."""
    _shelf().drop(name)
    click.echo(f"{name} is no longer in force")


def _shelf() -> Shelf:
    return Shelf(Settings.from_environment().terms)


def _above(address: str, code: str) -> list[Term]:
    """What a code is a kind of, directly."""
    term = in_force().term(address, code)
    found = (in_force().term(address, parent) for parent in (term.parents if term else ()))
    return [one for one in found if one is not None]


def _row(one: Loaded) -> dict[str, object]:
    return {
        "name": one.name,
        "system": one.system,
        "version": one.version,
        "codes": one.codes,
        "pairs": one.pairs,
        "bytes": one.size,
        "sha256": one.sha256,
        "loaded": one.loaded.isoformat(),
        "left_out": list(one.left_out),
    }


def _say(term: Term, above: Sequence[Term]) -> None:
    retired = "" if term.active else "  RETIRED"
    click.echo(f"{term.code}  {term.title}{f' ({term.tag})' if term.tag else ''}{retired}")
    for word in term.words:
        click.echo(f"  also called {word}")
    for fact, said in sorted(term.facts.items()):
        click.echo(f"  {fact}: {said}")
    for one in above:
        click.echo(f"  is a {one.code}  {one.title}")
    for mapped in term.maps:
        click.echo(f"  {_how(mapped)}")


def _how(one: Map) -> str:
    where = "replaced by" if one.system == SNOMED else f"maps to {system_name(one.system)}"
    rule = f"  when {one.rule}" if one.rule else ""
    return f"{where} {one.code} ({one.how}){rule}"
