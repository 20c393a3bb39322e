"""`python -m wholerecord` is the command line."""

from wholerecord.cli import main

main()
