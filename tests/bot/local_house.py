"""The local workspace for tests: its demo opened in a folder, people who type and press, and a clock to move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot import demo
from bot.clock import Metronome, MovableClock
from bot.deliver import Courier
from bot.desk import Desk
from bot.local.app import LocalApp
from bot.local.space import Space
from circles.effects import Ask, Reply
from circles.messages import Form, Message
from circles.turn import Call

MONDAY = datetime(2027, 3, 1, 8, tzinfo=UTC)
PROFILE = (
    {"stance": "mentee", "wants": "grant writing; negotiating"},
    {"languages": "English, Yoruba", "institution": "Lagoon University", "stage": "doctoral"},
    {"zone": "Africa/Lagos"},
)


@dataclass
class House:
    """One open workspace, in this process."""

    desk: Desk
    space: Space
    clock: MovableClock
    metronome: Metronome
    app: LocalApp
    gestures: int = field(default=0)

    async def does(self, who: str, line: str, **answers: str) -> tuple[Message | Form, ...]:
        """Run a command line, as a press or a form would; gives what comes back, then delivers what goes out."""
        self.gestures += 1
        call = Call("local", demo.WORKSPACE, who, line.removeprefix("/"), f"{who}:{self.gestures}", answers)
        given = await self.desk.answer(call, self.clock.now())
        await self.metronome.beat()
        return tuple(one.form if isinstance(one, Ask) else one.message for one in given if isinstance(one, Ask | Reply))

    async def begins(self) -> None:
        """Let Ada join by command and Rana confirm circles by button."""
        step = (await self.does("ada", "/circle join"))[-1]
        for answers in PROFILE:
            step = (await self.does("ada", step.call, **answers))[-1]
        preview = (await self.does("rana", "/programme form"))[-1]
        confirm = next(button for button in preview.buttons() if button.label == "Confirm these circles")
        await self.does("rana", confirm.call)
        self.space.note_time(self.clock.now())


@asynccontextmanager
async def opened(folder: Path, start: datetime = MONDAY) -> AsyncIterator[House]:
    """Open the demo in ``folder``; what was there before is taken up again."""
    desk, space, clock = demo.open_demo(folder, start)
    metronome = Metronome(desk, Courier(desk, {"local": space}), clock)
    app = LocalApp(desk, space, clock, metronome, demo.WORKSPACE, name="Halqa, local workspace", acting=demo.GUEST)
    try:
        yield House(desk, space, clock, metronome, app)
    finally:
        await app.stop()
        desk.close()
        space.close()
