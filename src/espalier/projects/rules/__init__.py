"""Decisions without a database: pure, and tested with properties."""
