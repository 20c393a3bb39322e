"""`wholerecord stop`: end the embedded database by hand."""

import click

from wholerecord.settings import Settings
from wholerecord.storage import stop_embedded


@click.command()
def stop() -> None:
    """End the embedded database. Programs that use it lose their connection; nothing is lost."""
    stopped = stop_embedded(Settings.from_environment().database)
    click.echo("stopped" if stopped else "it was not running")
