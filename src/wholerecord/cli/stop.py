"""`wholerecord stop`: end the embedded database by hand."""

import click

from wholerecord.errors import Unsupported
from wholerecord.settings import Settings
from wholerecord.storage import embedded


class NotEmbedded(Unsupported):
    """The database is not an embedded one: whoever runs it stops it."""


@click.command()
def stop() -> None:
    """End the embedded database. Programs that use it lose their connection; nothing is lost."""
    folder = Settings.from_environment().embedded
    if folder is None:
        raise NotEmbedded
    click.echo("stopped" if embedded.stop(folder) else "it was not running")
