"""A country's worth of made-up figures, and every page measured on it: `python -m benchmarks.national --scale 0.1`."""
