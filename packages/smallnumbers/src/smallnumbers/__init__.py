"""Safe release of small groups: comes with a later part."""
