"""From facts to the words of these pages."""
