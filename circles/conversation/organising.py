"""What organisers do with the shelf of prompts: see it, add, import, retire, restore, and set how often they come."""

import difflib
from collections.abc import Iterable
from dataclasses import replace

from circles.conversation import importing, shelf, shelf_words
from circles.conversation.library import DEPTHS, LIVES, LONGEST, LONGEST_TEXT, PHASES, SHORTEST, THEMES
from circles.effects import Ask, Effect, Reply
from circles.errors import BadCall, Refused
from circles.files import FileRefused
from circles.grammar import Command, Parameter, name_choices
from circles.language import _, listing
from circles.messages import Button, Form
from circles.programme import replan
from circles.programme.rules import settings_of
from circles.turn import Turn
from storage import programmes, rounds
from storage.tables import OwnPrompt

PAGE = 10
DIALS = ("off", "light", "full")
LONGEST_IMPORT = 4000  # characters; a form on the smallest platform holds no more
name_choices(
    {
        "rapport": _("getting to know each other"),
        "direction": _("finding direction"),
        "progress": _("making progress"),
        "winding-down": _("winding down"),
        "moving-on": _("moving on"),
    }
)


def overview(turn: Turn) -> Iterable[Effect]:
    """Tell how many prompts there are by theme and phase, how often they come, and which are the programme's own."""
    known = shelf.everything(turn.db, turn.programme)
    own = [row.code for row in rounds.own_prompts(turn.db, turn.programme.id) if row.body]
    return [Reply(shelf_words.overview(known, own, settings_of(turn.programme.settings).prompts))]


def list_theme(turn: Turn, theme: str, page: int = 1) -> Iterable[Effect]:
    """List the prompts of a theme, ten at a time."""
    theme = _theme(theme)
    known = [pair for pair in shelf.everything(turn.db, turn.programme) if pair[0].theme == theme]
    pages = max(-(-len(known) // PAGE), 1)
    if page > pages:
        raise BadCall(
            _("There are only {pages} pages. The last one is /programme prompts list {theme} {pages}.").format(
                pages=pages, theme=theme
            )
            if pages > 1
            else _("There is only one page: /programme prompts list {theme}.").format(theme=theme)
        )
    return [Reply(shelf_words.listed(theme, known[(page - 1) * PAGE : page * PAGE], page, pages))]


def add(
    turn: Turn, theme: str = "", phase: str = "", depth: str = "", minutes: int = 0, life: str = "", text: str = ""
) -> Iterable[Effect]:
    """Put one prompt on the programme's shelf; what is not typed is asked for in two short forms."""
    theme = _theme(theme) if theme else ""
    if not theme or not phase:
        return [Ask(_form("programme prompts add", "theme", "phase", theme=theme))]
    if not (depth and minutes and life and text):
        return [Ask(_form(f"programme prompts add {theme} {phase}", "depth", "minutes", "life", "text"))]
    prompt = importing.add(
        turn.db,
        turn.programme,
        theme=theme,
        phase=next(known for known in PHASES if known == phase),
        depth=next(known for known in DEPTHS if known == depth),
        minutes=minutes,
        life=next(known for known in LIVES if known == life),
        text=text,
    )
    return [Reply(shelf_words.added(prompt))]


def import_csv(turn: Turn, csv: str) -> Iterable[Effect]:
    """Put the prompts of a pasted CSV table on the shelf, all or none."""
    try:
        count = importing.bring(turn.db, turn.programme, csv.encode())
    except FileRefused as refusal:
        raise BadCall(shelf_words.import_refused(refusal), field="csv") from refusal
    return [Reply(shelf_words.imported(count))]


def retire(turn: Turn, code: str) -> Iterable[Effect]:
    """Take a prompt off the shelf: no group gets it any more."""
    code, is_retired = _known(turn, code)
    if is_retired:
        raise Refused(
            _("“{code}” is retired already. To have it back: /programme prompts restore {code}").format(code=code)
        )
    _set_retired(turn, code, is_retired=True)
    return [Reply(shelf_words.retired(code))]


def restore(turn: Turn, code: str) -> Iterable[Effect]:
    """Put a retired prompt back on the shelf."""
    code, is_retired = _known(turn, code)
    if not is_retired:
        raise Refused(
            _("“{code}” is on the shelf. To take it away: /programme prompts retire {code}").format(code=code)
        )
    _set_retired(turn, code, is_retired=False)
    return [Reply(shelf_words.restored(code))]


def dial(turn: Turn, setting: str) -> Iterable[Effect]:
    """Set how often prompts come to the circles' rooms, and plan the rest of the term anew."""
    programme = turn.programme
    if programme.state == "closed":
        raise Refused(_("This programme has ended; no further prompt comes. /programme setup begins a new one."))
    programme.settings = {**programme.settings, "prompts": setting}
    settings_of(programme.settings)
    programmes.save(turn.db, programme)
    replan.replan(turn.db, programme, turn.now)
    planned = [o for o in programmes.occurrences(turn.db, programme.id, state="planned") if o.kind == "prompt"]
    return [Reply(shelf_words.dialled(setting, len(planned), min((o.day for o in planned), default=None)))]


def _theme(typed: str) -> str:
    """Read a theme, forgiving capitals and spaces; raises BadCall with the nearest ones."""
    wanted = "-".join(typed.casefold().replace("_", " ").split())
    if wanted in THEMES:
        return wanted
    near = difflib.get_close_matches(wanted, THEMES, n=3, cutoff=0.5)
    raise BadCall(
        _("I know no theme “{typed}”. Did you mean {near}?").format(typed=typed[:40], near=listing(near, either=True))
        if near
        else _("I know no theme “{typed}”. The themes are {themes}.").format(typed=typed[:40], themes=listing(THEMES)),
        buttons=(Button(_("Show the shelf"), "programme prompts"),),
    )


def _known(turn: Turn, typed: str) -> tuple[str, bool]:
    """Find a prompt by its id, retired or not; raises BadCall with the nearest ids."""
    known = {prompt.id: is_retired for prompt, is_retired in shelf.everything(turn.db, turn.programme)}
    code = typed.casefold()
    if code in known:
        return code, known[code]
    near = difflib.get_close_matches(code, known, n=3, cutoff=0.6)
    raise BadCall(
        _("I know no prompt “{code}”. Did you mean {near}?").format(code=typed[:60], near=listing(near, either=True))
        if near
        else _("I know no prompt “{code}”. /programme prompts list shows the ids of a theme.").format(code=typed[:60]),
        buttons=(Button(_("Show the shelf"), "programme prompts"),),
    )


def _set_retired(turn: Turn, code: str, *, is_retired: bool) -> None:
    own = {row.code: row for row in rounds.own_prompts(turn.db, turn.programme.id)}
    row = own.get(code) or OwnPrompt(programme_id=turn.programme.id, code=code)
    row.is_retired = is_retired
    rounds.save_own_prompt(turn.db, row)


def _form(call: str, *names: str, theme: str = "") -> Form:
    """Ask for some of what a prompt has; a form on the smallest platform holds five questions."""
    wanted = [field for field in shelf_words.add_fields() if field.name in names]
    fields = tuple(replace(field, initial=theme) if field.name == "theme" else field for field in wanted)
    return Form(_("A prompt of your own"), call, fields, _("Go on") if "theme" in names else _("Put it on the shelf"))


def _optional(name: str, choices: tuple[str, ...], help_text: str) -> Parameter:
    return Parameter(name, "choice", help_text, required=False, choices=choices)


CODE = Parameter("code", "word", _("The prompt's id"), longest=60)
COMMANDS: tuple[Command, ...] = (
    Command("programme prompts", _("The shelf of prompts, and how often they come"), overview, who="organiser"),
    Command(
        "programme prompts list",
        _("The prompts of a theme"),
        list_theme,
        (
            Parameter("theme", "word", _("The theme"), longest=40),
            Parameter("page", "number", _("The page"), required=False, lowest=1, highest=999),
        ),
        who="organiser",
    ),
    Command(
        "programme prompts add",
        _("Add a prompt of your own"),
        add,
        (
            Parameter("theme", "word", _("The theme"), required=False, longest=40),
            _optional("phase", PHASES, _("The phase")),
            _optional("depth", DEPTHS, _("How deep it goes")),
            Parameter("minutes", "number", _("Minutes"), required=False, lowest=SHORTEST, highest=LONGEST),
            _optional("life", LIVES, _("Which side of life it asks about")),
            Parameter("text", "text", _("The words"), required=False, longest=LONGEST_TEXT),
        ),
        who="organiser",
        audited=True,
    ),
    Command(
        "programme prompts import",
        _("Bring many prompts at once, as CSV"),
        import_csv,
        (Parameter("csv", "text", _("The table, with its first line"), longest=LONGEST_IMPORT),),
        who="organiser",
        audited=True,
    ),
    Command("programme prompts retire", _("Take a prompt off"), retire, (CODE,), who="organiser", audited=True),
    Command("programme prompts restore", _("Put a prompt back"), restore, (CODE,), who="organiser", audited=True),
    Command(
        "programme prompts dial",
        _("How often prompts come"),
        dial,
        (Parameter("setting", "choice", _("How often"), choices=DIALS),),
        who="organiser",
        audited=True,
    ),
)
