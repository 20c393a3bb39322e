"""The pages, server-rendered: for clinicians, for the person, and for the desk."""

from wholerecord.portal.allow.consent import routes as consent_routes
from wholerecord.portal.routes import routes
from wholerecord.portal.shared.boards import (
    BoardGroup,
    BoardLine,
    BoardPage,
    Boards,
    BoardTable,
    OpenPage,
    OpenTable,
)
from wholerecord.portal.shared.counting import Counting, Registered, Table
from wholerecord.portal.shared.persona import Persona
from wholerecord.portal.shared.prompts import PromptLine, PromptLog, PromptPage
from wholerecord.portal.shared.session import COOKIE, Seal, Session
from wholerecord.portal.shared.story import Story
from wholerecord.portal.shared.studies import ProjectLine, Studies, StudyLine, StudyTable
from wholerecord.portal.shared.visit import Site, whose

__all__ = [
    "COOKIE",
    "BoardGroup",
    "BoardLine",
    "BoardPage",
    "BoardTable",
    "Boards",
    "Counting",
    "OpenPage",
    "OpenTable",
    "Persona",
    "ProjectLine",
    "PromptLine",
    "PromptLog",
    "PromptPage",
    "Registered",
    "Seal",
    "Session",
    "Site",
    "Story",
    "Studies",
    "StudyLine",
    "StudyTable",
    "Table",
    "consent_routes",
    "routes",
    "whose",
]
