"""Codes: what they mean, and which means the same as or is a kind of which."""
