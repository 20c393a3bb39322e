"""What the commands about people take alike."""

from pathlib import Path

import click

from wholerecord.people.model import FILE

in_file = click.Path(exists=True, dir_okay=False, path_type=Path)
out_file = click.Path(dir_okay=False, writable=True, path_type=Path)
with_model = click.option(
    "--model", type=in_file, default=FILE, show_default="the one in use", help="A model's file."
)
with_memory = click.option(
    "--memory", default="1200MB", show_default=True, help="What the database may use."
)
