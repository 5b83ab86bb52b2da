"""What organisers do with a programme: one table of its commands."""

from dataclasses import replace

from circles.grammar import Command, Parameter
from circles.language import _
from circles.programme import agenda, announce, organisers, record, settings, setup
from circles.programme.answers import LONGEST_TEXT, STEPS

_PERSON = Parameter("person", "person", _("Who?"), longest=100)
_FIRST = Parameter("first", "day", _("First day"))
_LAST = Parameter("last", "day", _("Last day"))
_HANDOVER = Command(
    "programme organisers handover",
    _("Give your part to somebody else"),
    organisers.hand_over,
    (_PERSON,),
    who="organiser",
    title=_("Hand over"),
    submit=_("Hand over"),
)

COMMANDS: tuple[Command, ...] = (
    Command(
        "programme",
        _("Where your programme stands, and what is next"),
        record.status,
        who="organiser",
        hidden=True,
        is_looking=True,
    ),
    Command(
        "programme status",
        _("Where your programme stands, and what is next"),
        record.status,
        who="organiser",
        is_looking=True,
    ),
    Command(
        "programme setup",
        _("Set a programme up in seven short steps"),
        setup.setup,
        (
            Parameter(
                "step",
                "choice",
                _("A step to fill in again, or new"),
                required=False,
                choices=("new", *(str(step) for step in STEPS)),
            ),
        ),
        who="anyone",
        takes_answers=True,
    ),
    Command("programme call", _("Open your programme: people can join"), setup.call, who="organiser", audited=True),
    Command("programme organisers", _("Who organises"), organisers.listed, who="organiser", hidden=True),
    Command("programme organisers list", _("Who organises"), organisers.listed, who="organiser"),
    Command(
        "programme organisers add",
        _("Ask somebody to organise with you"),
        organisers.add,
        (_PERSON,),
        who="organiser",
        title=_("Add an organiser"),
        submit=_("Add"),
    ),
    Command(
        "programme organisers remove",
        _("Take somebody off the organisers, or step back"),
        organisers.remove,
        (_PERSON,),
        who="organiser",
        title=_("Take off an organiser"),
        submit=_("Take off"),
    ),
    _HANDOVER,
    replace(_HANDOVER, path="programme organisers hand over", hidden=True),
    Command(
        "programme settings",
        _("See the settings, or change one"),
        settings.settings,
        (
            Parameter("name", "choice", _("Which setting?"), required=False, choices=settings.NAMES),
            Parameter("value", "text", _("The new value"), required=False, longest=LONGEST_TEXT),
        ),
        who="organiser",
    ),
    Command(
        "programme resources",
        _("Links and papers of your programme, or new ones"),
        settings.resources,
        (Parameter("text", "text", _("The new links and papers"), required=False, longest=LONGEST_TEXT),),
        who="organiser",
    ),
    Command(
        "programme schedule", _("Everything that will be sent, and when"), agenda.show, who="organiser", hidden=True
    ),
    Command(
        "programme schedule show",
        _("Everything that will be sent, and when"),
        agenda.show,
        (Parameter("page", "number", _("Page"), required=False, lowest=1, highest=10_000),),
        who="organiser",
    ),
    Command(
        "programme schedule blackout",
        _("Keep days free; rounds shift past them"),
        agenda.keep_free,
        (_FIRST, _LAST, Parameter("name", "text", _("What for?"), required=False, longest=60)),
        who="organiser",
        title=_("Keep days free"),
        submit=_("See what moves"),
    ),
    Command(
        "programme schedule blackout confirm",
        _("Keep days free, as shown"),
        agenda.keep_free_for_sure,
        (_FIRST, _LAST),
        who="organiser",
        hidden=True,
    ),
    Command(
        "programme schedule clear",
        _("Take days kept free back"),
        agenda.clear,
        (Parameter("number", "number", _("Its number in the schedule"), lowest=1),),
        who="organiser",
    ),
    Command(
        "programme announce",
        _("Say something to every circle"),
        announce.announce,
        (Parameter("text", "text", _("What would you like to say?"), longest=1500),),
        who="organiser",
        title=_("An announcement"),
        submit=_("See it first"),
    ),
    Command(
        "programme announcement-send",
        _("Send the announcement that was shown"),
        announce.send,
        (Parameter("mark", "word", _("The mark of its words"), longest=8),),
        who="organiser",
        hidden=True,
        audited=True,
    ),
    Command("programme export", _("The record of rounds as a table"), record.export, who="organiser"),
    Command("programme audit", _("What organisers did"), record.audit, who="organiser"),
)
