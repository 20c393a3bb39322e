"""How a program is told to end: by Ctrl-C, or by SIGTERM, which is what service managers send."""

import signal
from types import FrameType

#: What a shell says of a program that a signal ended: 128 and its number.
_BY = 128


class Ending:
    """Hears SIGTERM as Ctrl-C, so that it, too, ends everything the program started.

    Python leaves it to the kernel otherwise, which would end this process alone: the embedded
    database would run on with nobody to use it. `code` is the exit code of whichever it was.
    """

    def __init__(self) -> None:
        self.code = _BY + signal.SIGINT

    def listen(self) -> None:
        """From now on, in the main thread.

        SIGINT too, which a shell that starts a program in the background has it ignore.
        """
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, self._heard)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.code = _BY + number
        signal.raise_signal(signal.SIGINT)
