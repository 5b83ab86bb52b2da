"""What is done here: not written yet."""

from circles.grammar import Command

COMMANDS: tuple[Command, ...] = ()
