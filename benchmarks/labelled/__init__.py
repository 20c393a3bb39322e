"""A labelled set: a true history told by five noisy sources, and what the fold makes of it."""
