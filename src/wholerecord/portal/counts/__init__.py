"""Counting for planners and researchers, and the public register of what was counted."""
