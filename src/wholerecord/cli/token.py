"""`wholerecord token`: the token that a source brings to `POST /intake/{source}`."""

import click

from wholerecord.cli.secret import secret
from wholerecord.intake.tokens import Tokens
from wholerecord.settings import Settings


@click.command()
@click.argument("source")
def token(*, source: str) -> None:
    """Print the token of SOURCE, made when it has none. Remove its file to take it away."""
    settings = Settings.from_environment()
    click.echo(secret(Tokens(settings.tokens, {}).file(source)))
