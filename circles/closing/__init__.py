"""How a programme ends: thanks, what next, and a record that names no partner."""
