"""What the law, organisations and each person allow: rules, which are rows with reasons."""

from wholerecord.consent.rule import Purpose, Role, Rule, Rules, View

__all__ = ["Purpose", "Role", "Rule", "Rules", "View"]
