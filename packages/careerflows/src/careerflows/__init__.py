"""People moving through grades: comes with a later part."""
