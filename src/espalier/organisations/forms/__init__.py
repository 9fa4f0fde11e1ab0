"""What people send to these pages, checked."""
