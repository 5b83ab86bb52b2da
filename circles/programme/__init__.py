"""What organisers run: settings, the calendar, its people and its record."""
