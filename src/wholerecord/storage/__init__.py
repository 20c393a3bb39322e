"""Where things are kept: `postgres`, and `memory`, the plain reference it is compared with."""
