"""Benchmarks: commands that print their machine, the raw numbers and a ratio to a limit."""
