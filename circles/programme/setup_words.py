"""What is said while a programme is set up and opened."""

from collections.abc import Collection, Sequence

from circles.language import _, day_text, listing, ngettext_
from circles.messages import (
    Bullets,
    Button,
    Buttons,
    Command,
    Fact,
    Facts,
    Heading,
    Mention,
    Message,
    Plain,
    Quote,
    Span,
    Strong,
    buttons,
    message,
    sentence,
    text,
)
from circles.programme import words
from circles.programme.answers import STEPS, choices_of
from circles.programme.rules import TEMPLATES, Settings
from storage.tables import Programme


def step_name(step: int) -> str:
    """Name a step of the setup."""
    return {
        1: _("Purpose"),
        2: _("Mentors"),
        3: _("Mentees"),
        4: _("Matching"),
        5: _("Calendar"),
        6: _("Check-ins"),
        7: _("Evaluation"),
    }[step]


def title(step: int) -> str:
    """Give the title of a step's form."""
    return _("{step} of 7: {name}").format(step=step, name=step_name(step))


def submit() -> str:
    """Name the button that keeps a step's answers."""
    return _("Keep")


def question(name: str) -> str:
    """Ask for one setting, in at most 45 characters."""
    return {
        "name": _("What is the programme called?"),
        "purpose": _("What is it for?"),
        "objectives": _("How will you see that it worked?"),
        "mentors_found": _("How are mentors found?"),
        "mentors": _("Mentor seats in a circle"),
        "eligibility": _("Who can join as a mentee?"),
        "orientation": _("How do people get ready?"),
        "mentees": _("Mentee seats in a circle"),
        "circles": _("How many circles?"),
        "across_institutions": _("Pair people across institutions only?"),
        "overlap_hours": _("Working hours in common, at least"),
        "rotation": _("Who meets in a round?"),
        "odd": _("When numbers are odd"),
        "trial": _("What happens after three meetings?"),
        "start": _("First day"),
        "weeks": _("Weeks, or a template"),
        "every_weeks": _("Weeks between rounds"),
        "at": _("Time of day"),
        "zone": _("Time zone of the calendar"),
        "check_in_weeks": _("Weeks between goal check-ins"),
        "prompts": _("Conversation prompts"),
        "resources": _("Links and papers to share"),
        "evaluation": _("How will you learn from it?"),
    }[name]


def hint(name: str) -> str:
    """Help with a question where its label is not enough."""
    return {
        "objectives": _("Two or three things you can count or ask about at the end."),
        "mentors": _("A circle has 6 to 30 people in all; 10 and 10 work well."),
        "orientation": _("For example one call of an hour, or a page to read. You can leave this empty."),
        "overlap_hours": _("Two hours or more make it easy to find a time."),
        "trial": _("People are asked whether to keep, change or leave. A note for them, if you like."),
        "weeks": _("A number, or one of {templates}.").format(templates=listing(list(TEMPLATES), either=True)),
        "zone": _("A large city nearby works, such as Amman or Berlin."),
        "voice": _(
            "It counts where this chat has voice rooms, for rooms opened from now on; open ones stay as they are."
        ),
    }.get(name, "")


def usual_evaluation() -> str:
    """Suggest how to learn from a programme."""
    return _("A short survey in the middle and at the end.")


def choice(name: str, word: str) -> str:
    """Say a choice of a setting in words."""
    return {
        ("rotation", "mentor-mentee"): _("pairs of a mentor and a mentee"),
        ("rotation", "everyone"): _("pairs, everybody with everybody"),
        ("rotation", "tables"): _("tables of a few people"),
        ("odd", "trio"): _("three people meet"),
        ("odd", "bye"): _("one person sits out"),
        ("prompts", "off"): _("none"),
        ("prompts", "light"): _("every two weeks"),
        ("prompts", "full"): _("every week"),
        ("life", "both"): _("work and life beyond it"),
        ("life", "professional"): _("work"),
        ("life", "personal"): _("life beyond work"),
        ("ring", "local"): _("local"),
        ("ring", "regional"): _("regional"),
        ("ring", "global"): _("global"),
        ("across_institutions", "yes"): _("yes"),
        ("across_institutions", "no"): _("no"),
        ("voice", "yes"): _("yes"),
        ("voice", "no"): _("no"),
    }.get((name, word), word)


def options(name: str) -> list[tuple[str, str]]:
    """Give a choice's words, each with how it reads."""
    return [(word, choice(name, word)) for word in choices_of(name)]


def intro(step: int) -> tuple[Span, ...]:
    """Say what a step is about, where that helps."""
    if step == 1:
        return sentence(_("Seven short steps, a few minutes in all. Nobody else hears of it until you say so."))
    return ()


def checklist(programme: Programme, settings: Settings, done: Collection[int], next_step: int | None) -> Message:
    """Show the seven steps, what is done, and the way on."""
    lines: list[tuple[Span, ...]] = []
    for step in STEPS:
        state: Span = Plain(_("done")) if step in done else Strong(_("to do"))
        lines.append(sentence(_("{step}. {name}: {state}"), step=step, name=step_name(step), state=state))
    edits = [Button(_("Edit step {step}").format(step=step), f"programme setup {step}") for step in sorted(done)]
    return message(
        Heading(programme.name),
        Bullets(tuple(lines)),
        summary_of(programme, settings) if next_step is None else None,
        buttons(_onward(next_step)),
        *(Buttons(tuple(edits[i : i + 5])) for i in range(0, len(edits), 5)),
        text(_("Nothing is sent to anybody else until you launch.")),
        summary=_("Your programme so far"),
    )


def _onward(next_step: int | None) -> Button:
    if next_step is None:
        return Button(_("Launch"), "programme call", "primary")
    return Button(_("Next: step {step}").format(step=next_step), f"programme setup {next_step}", "primary")


def summary_of(programme: Programme, settings: Settings) -> Facts:
    """Sum up what the seven steps decided."""
    seats = ngettext_(
        "{n} circle of {mentors} mentors and {mentees} mentees",
        "{n} circles, each of {mentors} mentors and {mentees} mentees",
        settings.circles,
    ).format(n=settings.circles, mentors=settings.mentors, mentees=settings.mentees)
    every = ngettext_("every {n} week", "every {n} weeks", settings.every_weeks).format(n=settings.every_weeks)
    rounds = _("{who}, {every} at {at}, {zone}").format(
        who=choice("rotation", settings.rotation), every=every, at=settings.at, zone=settings.zone
    )
    check_ins = ngettext_("every {n} week", "every {n} weeks", settings.check_in_weeks).format(
        n=settings.check_in_weeks
    )
    rows: list[tuple[str, str]] = [
        (_("Purpose"), settings.purpose),
        (_("Circles"), seats),
        (_("Rounds"), rounds),
        (_("Dates"), words.dates(programme)),
        (_("Prompts"), choice("prompts", settings.prompts)),
        (_("Check-ins"), check_ins),
    ]
    return Facts(tuple(Fact(label, (Plain(value),)) for label, value in rows))


def which_draft(names: Sequence[str]) -> str:
    """Ask which of several drafts is meant."""
    return _("You have several drafts: {names}. Which one is this about?").format(names=listing(list(names)))


def no_draft() -> str:
    """Say that there is nothing to continue."""
    return _("You have no draft here. Type /programme setup new to start one.")


def launched_already(name: str) -> str:
    """Say that the setup is over."""
    return _("“{name}” has been launched. Type /programme settings to change one thing at a time.").format(name=name)


def name_taken() -> str:
    """Say that the asker has such a draft."""
    return _("You have a draft of this name already. Type /programme setup to continue it.")


def name_in_use() -> str:
    """Say that members could not tell two programmes apart."""
    return _("A programme of this name is open here. With a year or a place in its name, members can tell them apart.")


def steps_missing(steps: Sequence[int]) -> str:
    """Say which steps the call needs."""
    named = listing([f"{step} ({step_name(step)})" for step in steps])
    return _("Almost there: please fill in step {steps} first. Type /programme setup {first}.").format(
        steps=named, first=steps[0]
    )


def second_organiser() -> str:
    """Say that a programme rests on two people."""
    return _(
        "A programme needs two organisers before it opens, so that it never depends on one person. "
        "Add a second with /programme organisers add @name."
    )


def call_over(programme: Programme) -> str:
    """Say why a programme can't be opened now."""
    if programme.state == "closed":
        return _("“{name}” is closed.").format(name=programme.name)
    return _("“{name}” is open for joining already. Type /programme to see where it stands.").format(
        name=programme.name
    )


def opened(programme: Programme, settings: Settings, join: str) -> Message:
    """Give the organiser words to share, once people can join."""
    return message(
        text(_("“{name}” is open. Here is a text that you can share; I have posted it nowhere."), name=programme.name),
        Quote(invitation(programme, settings, join)),
        text(_("When enough people have joined, {command} proposes circles."), command=Command("/programme form")),
        buttons(Button(_("Status"), "programme status")),
        summary=_("The call is open"),
    )


def invitation(programme: Programme, settings: Settings, join: str) -> tuple[Span, ...]:
    """Invite people to join, in words that an organiser can share."""
    paragraphs = [
        sentence(
            _("{name} is looking for mentors and mentees. {purpose}"), name=programme.name, purpose=settings.purpose
        ),
        sentence(_("We begin on {day}."), day=day_text(programme.starts_on)) if programme.starts_on else (),
        sentence(_("To join, type {command}; it takes three short steps."), command=Command(join)),
    ]
    spans: list[Span] = []
    for paragraph in paragraphs:
        spans += [Plain("\n"), *paragraph] if spans and paragraph else paragraph
    return tuple(spans)


def opened_by(programme: Programme, organiser: Mention) -> Message:
    """Tell the other organisers that people can join."""
    return message(
        text(_("{organiser} has opened “{name}”: people can join now."), organiser=organiser, name=programme.name),
        buttons(Button(_("Status"), "programme status")),
        summary=_("Your programme is open for joining"),
    )
