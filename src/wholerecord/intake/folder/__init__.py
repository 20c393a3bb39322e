"""A watched folder: a file that is complete is kept, and moved only after the commit."""

from wholerecord.intake.folder.watch import BadFolder, Folder, Seen, ready, watch

__all__ = ["BadFolder", "Folder", "Seen", "ready", "watch"]
