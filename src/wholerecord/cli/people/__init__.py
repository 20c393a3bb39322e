"""`wholerecord people`: who is who, from the command line; one file for each question."""

import click

from wholerecord.cli.people.explain import explain
from wholerecord.cli.people.links import links
from wholerecord.cli.people.match import match
from wholerecord.cli.people.pds import pds
from wholerecord.cli.people.report import report
from wholerecord.cli.people.review import review
from wholerecord.cli.people.train import train
from wholerecord.cli.people.verify import verify

__all__ = ["people"]


@click.group()
def people() -> None:
    """Ask about and look after who is who, with one model in real time and in bulk."""


for _command in (review, explain, links, match, pds, report, train, verify):
    people.add_command(_command)
