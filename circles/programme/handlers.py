"""What organisers do with a programme: one table of its commands."""

from circles.grammar import Command, Parameter
from circles.programme import agenda, announce, organisers, record, settings, setup
from circles.programme.answers import LONGEST_TEXT, STEPS

_PERSON = Parameter("person", "person", "Who?", longest=100)
_FIRST = Parameter("first", "day", "First day")
_LAST = Parameter("last", "day", "Last day")

COMMANDS: tuple[Command, ...] = (
    Command("programme", "Where your programme stands, and what is next", record.status, who="organiser", hidden=True),
    Command("programme status", "Where your programme stands, and what is next", record.status, who="organiser"),
    Command(
        "programme setup",
        "Set a programme up in seven short steps",
        setup.setup,
        (
            Parameter(
                "step",
                "choice",
                "A step to fill in again, or new",
                required=False,
                choices=("new", *(str(step) for step in STEPS)),
            ),
        ),
        who="anyone",
        takes_answers=True,
    ),
    Command("programme call", "Open your programme: people can join", setup.call, who="organiser", audited=True),
    Command("programme organisers", "Who organises", organisers.listed, who="organiser", hidden=True),
    Command("programme organisers list", "Who organises", organisers.listed, who="organiser"),
    Command(
        "programme organisers add",
        "Ask somebody to organise with you",
        organisers.add,
        (_PERSON,),
        who="organiser",
        title="Add an organiser",
        submit="Add",
    ),
    Command(
        "programme organisers remove",
        "Take somebody off the organisers, or step back",
        organisers.remove,
        (_PERSON,),
        who="organiser",
        title="Take off an organiser",
        submit="Take off",
    ),
    Command(
        "programme organisers handover",
        "Give your part to somebody else",
        organisers.hand_over,
        (_PERSON,),
        who="organiser",
        title="Hand over",
        submit="Hand over",
    ),
    Command(
        "programme settings",
        "See the settings, or change one",
        settings.settings,
        (
            Parameter("name", "choice", "Which setting?", required=False, choices=settings.NAMES),
            Parameter("value", "text", "The new value", required=False, longest=LONGEST_TEXT),
        ),
        who="organiser",
    ),
    Command("programme schedule", "Everything that will be sent, and when", agenda.show, who="organiser", hidden=True),
    Command(
        "programme schedule show",
        "Everything that will be sent, and when",
        agenda.show,
        (Parameter("page", "number", "Page", required=False, lowest=1, highest=10_000),),
        who="organiser",
    ),
    Command(
        "programme schedule blackout",
        "Keep days free; rounds shift past them",
        agenda.keep_free,
        (_FIRST, _LAST, Parameter("name", "text", "What for?", required=False, longest=60)),
        who="organiser",
        title="Keep days free",
        submit="See what moves",
    ),
    Command(
        "programme schedule blackout confirm",
        "Keep days free, as shown",
        agenda.keep_free_for_sure,
        (_FIRST, _LAST),
        who="organiser",
        hidden=True,
    ),
    Command(
        "programme schedule clear",
        "Take days kept free back",
        agenda.clear,
        (Parameter("number", "number", "Its number in the schedule", lowest=1),),
        who="organiser",
    ),
    Command(
        "programme announce",
        "Say something to every circle",
        announce.announce,
        (Parameter("text", "text", "What would you like to say?", longest=1500),),
        who="organiser",
        title="An announcement",
        submit="See it first",
    ),
    Command(
        "programme announcement-send",
        "Send the announcement that was shown",
        announce.send,
        (Parameter("mark", "word", "The mark of its words", longest=8),),
        who="organiser",
        hidden=True,
        audited=True,
    ),
    Command("programme report", "Who takes part: counts only", record.report, who="organiser"),
    Command("programme export", "The record of rounds as a table", record.export, who="organiser"),
    Command("programme audit", "What organisers did", record.audit, who="organiser"),
)
