"""The rules in force by which records are joined, for whoever is signed in to read."""

from collections.abc import Iterable

from starlette.responses import Response
from starlette.routing import Route

from wholerecord.fold.policy import Rule, policy_bytes
from wholerecord.fold.policy_page import by_kind, value_in_words
from wholerecord.portal.shared.visit import Site, Visit, signed_in


def routes(site: Site) -> list[Route]:
    """Where the rules are read, as a page and as a file."""
    return [signed_in(site, "/rules", rules), signed_in(site, "/rules/file", file)]


async def rules(visit: Visit) -> Response:
    """The rules in force, each with its source and owner, and who signed them."""
    found = await visit.door.policy_in_force()
    return visit.page("shared/rules.html", found=found, kinds=rule_lines(by_kind(found.policy)))


async def file(visit: Visit) -> Response:
    """The same as the file that a site changes and proposes."""
    policy = await visit.door.policy()
    headers = {
        "content-disposition": 'attachment; filename="policy.json"',
        "cache-control": "no-store",
    }
    return Response(policy_bytes(policy), media_type="application/json", headers=headers)


def rule_lines(kinds: Iterable[tuple[str, list[Rule]]]) -> list[tuple[str, list[tuple[Rule, str]]]]:
    """The rules by kind, each with its value in words."""
    return [(kind, [(rule, value_in_words(rule)) for rule in each]) for kind, each in kinds]
