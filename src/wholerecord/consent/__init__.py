"""What the law, organisations and each person allow: rules, which are rows with reasons."""

from wholerecord.consent.preference import Preference, Preferences
from wholerecord.consent.rule import Purpose, Role, Rule, Rules, View
from wholerecord.consent.standing import standing_rules

__all__ = [
    "Preference",
    "Preferences",
    "Purpose",
    "Role",
    "Rule",
    "Rules",
    "View",
    "standing_rules",
]
