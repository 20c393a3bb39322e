"""The rules by which records are joined: proposed in a file, compared, signed, undone."""

from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Refused
from wholerecord.access.policy_room import PAGE
from wholerecord.errors import Incorrect
from wholerecord.fold.compare import Act
from wholerecord.fold.policies import Proposal
from wholerecord.fold.policy_check import LONGEST, check_policy
from wholerecord.fold.policy_page import changed_rules
from wholerecord.portal.desk.changes import person_lines
from wholerecord.portal.shared.numbers import number
from wholerecord.portal.shared.refusal import refused_page
from wholerecord.portal.shared.visit import Site, Visit, signed_in


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalLine:
    """A proposal in a list. `stands` says what became of it."""

    proposal: Proposal
    stands: str


def routes(site: Site) -> list[Route]:
    """Where the rules are changed."""
    return [
        signed_in(site, "/desk/policy", book),
        signed_in(site, "/desk/policy", propose, method="POST"),
        signed_in(site, "/desk/policy/undo", undo, method="POST"),
        signed_in(site, "/desk/policy/{n}", proposal),
        signed_in(site, "/desk/policy/{n}/sign", sign, method="POST"),
    ]


async def book(visit: Visit) -> Response:
    """What is in force, what is proposed, and who signed and undid which."""
    found = await visit.door.policies()
    if isinstance(found, Refused):
        return refused_page(visit, found)
    in_force = found.in_force.proposed
    signed = {step.policy for step in found.steps}
    return visit.page(
        "desk/policy.html",
        found=found,
        proposals=[
            ProposalLine(
                proposal=one,
                stands="in force"
                if in_force is not None and one.n == in_force.n
                else "waits for a signature"
                if one.n in found.waiting
                else "was in force"
                if one.n in signed
                else "overtaken",
            )
            for one in found.proposals
        ],
        steps=found.steps[::-1],
    )


async def proposal(visit: Visit) -> Response:
    """One proposal: which rules are other ones, and every entry that would change, by person."""
    after = number(visit.request.query_params.get("after", "")) or 0
    seen = await visit.door.policy_proposed(visit.n, after=after)
    if isinstance(seen, Refused):
        return refused_page(visit, seen)
    compared = seen.proposal.compared
    more = compared is not None and after + PAGE < len(compared.who)
    return visit.page(
        "desk/policy_proposal.html",
        seen=seen,
        compared=compared,
        counts=_counts(seen.proposal),
        rules=changed_rules(seen.before, seen.proposal.policy),
        people=person_lines(seen.people),
        after=after,
        later=after + PAGE if more else 0,
        own=seen.proposal.by == visit.persona.actor.id,
    )


async def propose(visit: Visit) -> Response:
    """Propose the policy in a file."""
    allowed = await visit.door.policies()
    if isinstance(allowed, Refused):
        return refused_page(visit, allowed)
    sent, body = await visit.upload("file", largest=LONGEST)
    if not body:
        raise Incorrect("Choose the file with the rules.")
    why = sent.reason()
    done = await visit.door.propose_policy(check_policy(body), why=why)
    if isinstance(done, Refused):
        return refused_page(visit, done)
    return RedirectResponse(f"/desk/policy/{done.n}", status_code=303)


async def sign(visit: Visit) -> Response:
    """Put a proposal in force, having seen what it would change."""
    sent = await visit.form()
    refused = await visit.door.sign_policy(visit.n, sent.one("changes"), why=sent.reason())
    return refused_page(visit, refused) if refused else _back()


async def undo(visit: Visit) -> Response:
    """Put the policy before back in force."""
    sent = await visit.form()
    refused = await visit.door.undo_policy(
        sent.number("n", "Choose one of the list."), why=sent.reason()
    )
    return refused_page(visit, refused) if refused else _back()


def _counts(proposal: Proposal) -> list[str]:
    """What would change, in words: `12 of condition: changed`."""
    words = {Act.ADDED: "new", Act.REMOVED: "gone", Act.CHANGED: "changed"}
    if proposal.compared is None:
        return []
    return [
        f"{kind.replace('-', ' ')}: {count:,} {words[act]}"
        for kind, act, count in proposal.compared.entries
    ]


def _back() -> Response:
    return RedirectResponse("/desk/policy", status_code=303)
