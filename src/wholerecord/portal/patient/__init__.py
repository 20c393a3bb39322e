"""The person's own pages: their record in plain words, and who looked at it."""
