"""The command line: one file per command.

Exit codes: 0 done; 1 done, and something needs a person (parked items, a sum that does not hold);
2 the command itself was wrong; 3 something it needs is not there; 4 it failed; 130 and 143 it was
told to end.
"""

import contextlib
import importlib
import logging
import sys

import click

from wholerecord import __version__
from wholerecord.cli.ending import Ending
from wholerecord.errors import Category, WholerecordError
from wholerecord.settings import BadDatabase, Settings
from wholerecord.terms import Terminology, take_up

__all__ = ["group", "main"]

#: Category → exit code. The one place the command line maps them.
_EXIT = {Category.FAULT: 4, Category.UNAVAILABLE: 3, Category.BUSY: 3}


#: The commands in the order of their help, each with its file and what it is called there.
_COMMANDS = {
    "demo": "demo:demo",
    "serve": "serve:serve",
    "ingest": "ingest:ingest",
    "show": "show:show",
    "explain": "explain:explain",
    "map": "map:map_",
    "parked": "parked:parked",
    "replay": "replay:replay",
    "feeds": "feeds:feeds",
    "trace": "trace:trace",
    "check": "check:check",
    "verify": "verify:verify",
    "looks": "looks:looks",
    "people": "people:people",
    "terms": "terms:terms",
    "profiles": "profiles:profiles",
    "views": "views:views",
    "areas": "areas:areas",
    "boards": "boards:boards",
    "study": "study:study",
    "omop": "omop:omop",
    "features": "features:features",
    "redact": "redact:redact_",
    "rules": "rules:rules",
    "opt-outs": "opt_outs:opt_outs",
    "corrections": "corrections:corrections",
    "policy": "policy:policy",
    "bench": "bench:bench",
    "app": "app:app",
    "token": "token:token",
    "keys": "keys:keys",
    "stop": "stop:stop",
}


class _Commands(click.Group):
    """Commands that are imported when they are asked for: all of them take two seconds."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        file, _, name = _COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(importlib.import_module(f"wholerecord.cli.{file}"), name)
        return found


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="wholerecord")
def group() -> None:
    """One record for each person, from everything every source has said.

    WHOLERECORD_DATABASE says where it is kept: embedded:DIR (the default is embedded:.wholerecord)
    or postgresql://… Commands work whether or not the server runs.
    """
    with contextlib.suppress(BadDatabase):  # a command that needs the settings says so itself
        take_up(Terminology.of(Settings.from_environment().terms))


def main() -> None:
    """Run the command line; errors of ours are one line on standard error, with an exit code."""
    # The pool's own warnings hold tracebacks; what fails for good is told once, by us.
    logging.getLogger("asyncpg").setLevel(logging.CRITICAL)
    ending = Ending()
    ending.listen()
    try:
        group(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(ending.code)
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
