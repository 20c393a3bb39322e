"""How much room the disk has where the database is."""

import os
import time
from pathlib import Path

#: Bytes that intake leaves free. PostgreSQL stops altogether when it cannot write its log, and so
#: would reading, which writes down who looked: this is room for six of its log's files of 16 MiB.
RESERVE = 96 * 1024 * 1024
#: Seconds for which one look at the disk is good. What comes in meanwhile is far below the reserve.
_GOOD_FOR = 0.1


class Room:
    """Whether there is more room than the reserve in the file system of a folder."""

    def __init__(self, folder: str | Path, reserve: int = RESERVE) -> None:
        self._folder = folder
        self._reserve = reserve
        self._looked = float("-inf")
        self._found = True

    def __call__(self) -> bool:
        """Whether there is; looked up at most ten times a second."""
        now = time.monotonic()
        if now - self._looked > _GOOD_FOR:
            about = os.statvfs(self._folder)
            self._found = about.f_bavail * about.f_frsize > self._reserve
            self._looked = now
        return self._found
