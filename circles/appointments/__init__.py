"""Appointments: the people of a meeting group find an hour together, and may put it into their calendars."""
