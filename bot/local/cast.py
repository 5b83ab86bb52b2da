"""Members who answer by themselves, so that a term can be watched: seeded, through the same door as everybody."""

from random import Random

from circles.messages import Button, Message

# How often a person presses which of the buttons she is shown; what is left over is silence.
HABITS: tuple[tuple[str, float], ...] = (
    ("circle met yes", 0.78),
    ("circle met no", 0.07),
    ("circle met later", 0.05),
    ("circle checkin answer", 0.7),
    ("circle actions answer", 0.6),
    ("circle skip", 0.04),
    ("circle stay later", 0.2),
    ("circle stay", 0.7),
    ("circle next-term", 0.5),
)


def choice(message: Message, rng: Random) -> Button | None:
    """Choose the button that a member presses on a message, or None when she says nothing."""
    shown, lot = message.buttons(), rng.random()
    for start, chance in HABITS:
        fitting = [button for button in shown if button.call.startswith(start)]
        if fitting and lot < chance:
            return rng.choice(fitting)
        lot -= chance if fitting else 0
    return None
