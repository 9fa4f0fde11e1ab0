"""Espalier: developing people, improving care."""
