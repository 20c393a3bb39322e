"""Another process: a sheet as JSON comes in, a PDF goes out. Run by its path, alone.

It knows nothing of Wholerecord and sees no network: text of sources reaches a typesetter here, and
a typesetter may take too long, too much memory, or fall over the words it is given.
"""

import json
import resource
import signal
import sys
from pathlib import Path

import typst

#: Bytes of address space, and seconds.
MOST_MEMORY = 2 * 1024**3
MOST_SECONDS = 60


def main() -> None:
    """Typeset what stands on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    signal.alarm(MOST_SECONDS)
    said = sys.stdin.buffer.read().decode()
    here = Path(__file__).parent
    made = typst.compile(
        here / "sheet.typ",
        root=here,
        format="pdf",
        sys_inputs={"sheet": json.dumps(json.loads(said))},
        pdf_standards=["ua-1"],  # PDF/UA-1, ISO 14289-1: tagged, titled, in a language
        ignore_system_fonts=True,  # every machine makes the same pages
    )
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
