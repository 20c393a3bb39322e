"""Pages for professionals: find a person, the first screen, and where each line comes from."""
