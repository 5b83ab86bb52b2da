"""What can be typed, told from the table of commands."""
