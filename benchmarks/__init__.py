"""The speed budgets, measured: `make bench`."""
