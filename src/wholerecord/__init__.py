"""Wholerecord: one record for each person, from everything every source has said."""
