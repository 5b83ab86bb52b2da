"""The two ways in which a command is turned down; both become a kind private reply that says what to type next."""

from circles.messages import Button


class Halt(Exception):
    """A command ends here, nothing is changed, and ``sentence`` tells the person why and what to do next."""

    def __init__(self, sentence: str, *, buttons: tuple[Button, ...] = (), field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.buttons = buttons
        self.field = field


class Refused(Halt):
    """A rule says no."""


class BadCall(Halt):
    """The words cannot be followed; ``field`` names the form field they were typed in."""
