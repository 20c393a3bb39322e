"""The demonstration region: made-up people, sources, messages, users and stories."""

from wholerecord.demo.choice import Choice, Chosen
from wholerecord.demo.delivery import Delivery
from wholerecord.demo.folder import write
from wholerecord.demo.region import Region, make
from wholerecord.demo.stories import STORIES, Story
from wholerecord.demo.users import DemoUser

__all__ = [
    "STORIES",
    "Choice",
    "Chosen",
    "Delivery",
    "DemoUser",
    "Region",
    "Story",
    "make",
    "write",
]
