"""The demonstration region: invented people with real difficulties, and who may sign in."""
