"""The vault's door out: comes with the part on listening. The room exists so that its door is guarded from the first day."""
