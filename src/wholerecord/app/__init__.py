"""Where the parts are joined into the program that is served."""

from wholerecord.app.boards import KeptBoards
from wholerecord.app.counting import RegisteredCounts
from wholerecord.app.prompt_log import KeptPrompts
from wholerecord.app.studying import KeptStudies
from wholerecord.app.web import Web, application

__all__ = ["KeptBoards", "KeptPrompts", "KeptStudies", "RegisteredCounts", "Web", "application"]
