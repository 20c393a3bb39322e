"""The desk: feeds, what could not be filed, and who may be who."""
