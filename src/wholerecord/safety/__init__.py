"""Checks over a folded record: each rule with its source, each a demonstration until signed."""
