"""Discord: what comes in from it, what goes out to it, and how Halqa is set up there."""
