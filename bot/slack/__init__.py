"""Slack: a way in, a way out, and the pure renderers between them and the core."""
