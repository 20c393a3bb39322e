"""The demonstration region: made-up people, sources, messages and users. See `region.make`."""
