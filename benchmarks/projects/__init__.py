"""Fifty thousand made-up projects over the places of England, and their pages measured: `python -m benchmarks.projects`."""
