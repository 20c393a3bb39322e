"""Who uses a data folder, told by the kernel: `flock` is let go when its last holder dies.

Three files. `turn` is held while one program starts or stops the server. `programs` is shared by
every program that uses the server. `server` is handed down to the server and all its children, so
that it is free when, and only when, the last of them is gone.
"""

import fcntl
import os
import time
from pathlib import Path
from typing import Self

#: Seconds between two tries for a lock.
_PAUSE = 0.01


class Lock:
    """A lock file, opened and not yet held. As a context manager it closes, and so lets go."""

    def __init__(self, path: Path) -> None:
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go, unless a child holds it too. Closing twice is closing once."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def take(self, *, shared: bool = False) -> bool:
        """Whether it could be had (or changed to shared, or to mine alone) at once."""
        try:
            fcntl.flock(self.fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait(self, seconds: float, *, shared: bool = False) -> bool:
        """Whether it could be had within `seconds`."""
        until = time.monotonic() + seconds
        while not self.take(shared=shared):
            if time.monotonic() > until:
                return False
            time.sleep(_PAUSE)
        return True
