"""`wholerecord policy propose|sign|undo|history`: another policy takes effect by two people."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from wholerecord.access import Door, Doorway, Refused
from wholerecord.access.policy_changes import compare_waiting
from wholerecord.access.policy_room import Book
from wholerecord.cli.run import as_json, on_store, operator_actor, print_json
from wholerecord.fold.policies import Compared, Proposal, Step
from wholerecord.fold.policy_check import check_policy
from wholerecord.storage.postgres import Store

T = TypeVar("T")
_WHY = click.option("--why", required=True, help="Why; kept, and in the log of who looked.")
_BY = click.option("--by", required=True, help="On whose word: name and role. Kept.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_BY
@_WHY
@as_json
def propose(*, file: Path, by: str, why: str, as_json: bool) -> None:
    """Propose the policy in FILE, and compare everybody's record by it with the one in force.

    It changes nothing until somebody else signs it, here or at the desk. You propose as the
    operator of this machine, and that is written down.
    """
    policy = check_policy(file.read_bytes())

    async def work(store: Store) -> Proposal | Refused:
        door = Doorway(store).door(operator_actor())
        proposal = await door.propose_policy(policy, why=why, name=by)
        if isinstance(proposal, Refused):
            return proposal
        await compare_waiting(store)
        return await store.policy_proposal(proposal.n)

    proposal = _allowed(on_store(work))
    if as_json:
        print_json(_proposal(proposal))
    else:
        _say(proposal, waiting=True)


@click.command()
@click.argument("n", type=int)
@click.option("--changes", required=True, help="The digest of the changes that you saw.")
@_BY
@_WHY
def sign(*, n: int, changes: str, by: str, why: str) -> None:
    """Put proposal N in force. Whoever proposed it does not sign it.

    `policy history` names the digest of what it would change; `policy diff` shows every entry.
    """
    refused = _at_door(lambda door: door.sign_policy(n, changes, why=why, name=by))
    if isinstance(refused, Refused):
        raise click.ClickException(f"refused: {refused.reason}")
    click.echo(f"proposal {n} is in force")


@click.command()
@_BY
@_WHY
def undo(*, by: str, why: str) -> None:
    """Put the policy before the one in force back. One person can."""

    async def work(door: Door) -> Refused | None:
        book = _allowed(await door.policies())
        return await door.undo_policy(book.undoable, why=why, name=by)

    refused = _at_door(work)
    if isinstance(refused, Refused):
        raise click.ClickException(f"refused: {refused.reason}")
    click.echo("the policy before is in force again")


@click.command()
@as_json
def history(*, as_json: bool) -> None:
    """Print every proposal with what it would change, and who signed and undid which."""
    book: Book = _allowed(_at_door(lambda door: door.policies()))
    if as_json:
        print_json(
            {
                "in_force": book.in_force.policy.name,
                "proposals": [
                    _proposal(one) | {"waiting": one.n in book.waiting} for one in book.proposals
                ],
                "steps": [_step(one) for one in book.steps],
            }
        )
        return
    click.echo(f"in force: policy {book.in_force.policy.name}")
    for one in book.proposals:
        _say(one, waiting=one.n in book.waiting)
    for step in book.steps:
        click.echo(
            f"{step.at:%Y-%m-%d %H:%M} {step.act.value}: proposal {step.policy}, by {step.name} "
            f"({step.role}): {step.why}"
        )


def _at_door(work: Callable[[Door], Awaitable[T]]) -> T:
    return on_store(lambda store: work(Doorway(store).door(operator_actor())))


def _allowed(reply: T | Refused) -> T:
    if isinstance(reply, Refused):
        raise click.ClickException(f"refused: {reply.reason}")
    return reply


def _say(proposal: Proposal, *, waiting: bool) -> None:
    stands = "waits for a signature" if waiting else "can no longer be signed"
    click.echo(
        f"proposal {proposal.n} {stands}: policy {proposal.policy.name}, {proposal.at:%Y-%m-%d} by "
        f"{proposal.name}: {proposal.why}"
    )
    compared = proposal.compared
    if compared is None:
        click.echo("  not compared with everybody's record yet")
        return
    for kind, act, count in compared.entries:
        click.echo(f"  {count:,} of {kind}: {act.value}")
    click.echo(
        f"  {compared.people:,} people: {compared.changed:,} records would change; of "
        f"{compared.reworded:,} more entries only the reason's words (changes {compared.digest})"
    )


def _proposal(proposal: Proposal) -> dict[str, object]:
    return {
        "proposal": proposal.n,
        "policy": proposal.policy.name,
        "digest": proposal.policy.digest,
        "by": proposal.by,
        "name": proposal.name,
        "role": proposal.role,
        "why": proposal.why,
        "at": proposal.at.isoformat(),
        "compared": None if proposal.compared is None else _compared(proposal.compared),
    }


def _compared(compared: Compared) -> dict[str, object]:
    return {
        "people": compared.people,
        "changed": compared.changed,
        "reworded": compared.reworded,
        "entries": [
            {"kind": kind, "act": act.value, "count": count}
            for kind, act, count in compared.entries
        ],
        "digest": compared.digest,
    }


def _step(step: Step) -> dict[str, object]:
    return {
        "step": step.n,
        "act": step.act.value,
        "proposal": step.policy,
        "by": step.by,
        "name": step.name,
        "role": step.role,
        "why": step.why,
        "at": step.at.isoformat(),
    }
