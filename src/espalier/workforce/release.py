"""The only reader of equality data: comes with the part on workforce."""
