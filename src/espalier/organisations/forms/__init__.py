"""What people write and choose on the pages of this room."""
