"""The other process: reads one letter after the other, and is ended by the kernel for too much.

Started by `room`. It opens no file, and asks nothing of the network; a letter it cannot bear costs
it its life and nothing else.
"""

import resource
import signal
import sys
from collections.abc import Callable, Mapping
from typing import BinaryIO

import msgspec

from wholerecord.intake.letters import docx, pdf, rtf
from wholerecord.intake.letters.kinds import DOCX, PDF, RTF
from wholerecord.intake.letters.room import ANSWERED, ASKED, Answer

#: Seconds and bytes of address space one letter may take.
SECONDS, MEMORY = 20, 1536 * 1024 * 1024
_READ: Mapping[str, Callable[[bytes], Answer]] = {PDF: pdf.read, RTF: rtf.read, DOCX: docx.read}


def answer(stdin: BinaryIO, stdout: BinaryIO) -> bool:
    """Read one letter and say what is in it; False when there are no more."""
    head = stdin.read(ASKED.size)
    if len(head) < ASKED.size:
        return False
    kind_length, length = ASKED.unpack(head)
    kind, body = stdin.read(kind_length).decode(), stdin.read(length)
    signal.alarm(SECONDS)
    try:
        said = _READ[kind](body)
    except MemoryError:
        said = Answer(unread="It cannot be read: it asks for too much memory.")
    packed = msgspec.msgpack.encode(said)
    signal.alarm(0)
    stdout.write(ANSWERED.pack(len(packed)) + packed)
    stdout.flush()
    return True


def main() -> None:
    """Until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    while answer(sys.stdin.buffer, sys.stdout.buffer):
        pass


if __name__ == "__main__":
    main()
