"""Care plans, tasks, who is responsible; what changed since somebody last looked."""

from wholerecord.care.changes import Changes, changes_after, changes_since

__all__ = ["Changes", "changes_after", "changes_since"]
