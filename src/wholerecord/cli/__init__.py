"""The command line: one file per command.

Exit codes: 0 done; 1 done, and something needs a person (parked items, a sum that does not hold);
2 the command itself was wrong; 3 something it needs is not there; 4 it failed.
"""

import contextlib
import logging
import sys

import click

from wholerecord import __version__
from wholerecord.cli.app import app
from wholerecord.cli.bench import bench
from wholerecord.cli.check import check
from wholerecord.cli.demo import demo
from wholerecord.cli.explain import explain
from wholerecord.cli.feeds import feeds
from wholerecord.cli.ingest import ingest
from wholerecord.cli.keys import keys
from wholerecord.cli.looks import looks
from wholerecord.cli.map import map_
from wholerecord.cli.parked import parked
from wholerecord.cli.people import people
from wholerecord.cli.redact import redact_
from wholerecord.cli.replay import replay
from wholerecord.cli.rules import rules
from wholerecord.cli.serve import serve
from wholerecord.cli.show import show
from wholerecord.cli.stop import stop
from wholerecord.cli.study import study
from wholerecord.cli.terms import terms
from wholerecord.cli.token import token
from wholerecord.cli.trace import trace
from wholerecord.cli.verify import verify
from wholerecord.cli.views import views
from wholerecord.errors import Category, WholerecordError
from wholerecord.settings import BadDatabase, Settings
from wholerecord.terms import Terminology, take_up

__all__ = ["group", "main"]

#: Category → exit code. The one place the command line maps them.
_EXIT = {Category.FAULT: 4, Category.UNAVAILABLE: 3, Category.BUSY: 3}


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="wholerecord")
def group() -> None:
    """One record for each person, from everything every source has said.

    WHOLERECORD_DATABASE says where it is kept: embedded:DIR (the default is embedded:.wholerecord)
    or postgresql://… Commands work whether or not the server runs.
    """
    with contextlib.suppress(BadDatabase):  # a command that needs the settings says so itself
        take_up(Terminology.of(Settings.from_environment().terms))


_LOOKING = (check, verify, looks)
_WORK = (ingest, show, explain, map_, parked, replay, feeds, trace, *_LOOKING, people)
_RESEARCH = (views, study, redact_)
for _command in (demo, serve, *_WORK, terms, *_RESEARCH, rules, bench, app, token, keys, stop):
    group.add_command(_command)


def main() -> None:
    """Run the command line; errors of ours are one line on standard error, with an exit code."""
    # The pool's own warnings hold tracebacks; what fails for good is told once, by us.
    logging.getLogger("asyncpg").setLevel(logging.CRITICAL)
    try:
        group(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except WholerecordError as error:
        click.echo(f"wholerecord: {error}", err=True)
        sys.exit(_EXIT.get(error.category, 2))
    except OSError as error:
        click.echo(f"wholerecord: {error.strerror or type(error).__name__}{_of(error)}", err=True)
        sys.exit(3)


def _of(error: OSError) -> str:
    return f": {error.filename}" if error.filename else ""
