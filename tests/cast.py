"""People and programmes put straight into the store, for conversations that begin in the middle of things."""

from datetime import date

from circles.programme import rules
from circles.programme.replan import replan
from storage import members, people, programmes
from storage.tables import Circle, Member, Programme, metadata


def id_of(talk, who):
    """The id by which somebody's chat knows her: her name, but on a platform where ids are numbers."""
    return talk.id_of(who) if hasattr(talk, "id_of") else who


def person(talk, who):
    """Somebody who has been heard of here; gives her row id."""
    known = id_of(talk, who)
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        return people.person(db, workspace.id, known, name=who.capitalize(), zone=talk.zones.get(who)).id


def programme(talk, *, organisers=("ada", "bob"), name="Women in Physics", slug="physics", state="call", **settings):
    """A programme that these people organise; gives its row id."""
    ids = [person(talk, who) for who in organisers]
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        row = Programme(
            workspace_id=workspace.id, slug=slug, name=name, state=state, settings=settings, created_at=talk.now
        )
        programmes.save(db, row)
        for who in ids:
            people.add_organiser(db, row.id, who, talk.now)
        return row.id


def member(talk, programme_id, who, stance="both", **profile):
    """A member of a programme, waiting for a seat; gives her row id."""
    person_id = person(talk, who)
    with talk.store.writing() as db:
        row = Member(programme_id=programme_id, person_id=person_id, stance=stance, queued_at=talk.now, **profile)
        return members.save(db, row).id


def circle(talk, programme_id, *, mentors=(), mentees=(), name="Circle 1"):
    """A circle with these people in it; gives its row id."""
    seats = [("mentor", who) for who in mentors] + [("mentee", who) for who in mentees]
    ids = [(role, member(talk, programme_id, who, stance=role)) for role, who in seats]
    with talk.store.writing() as db:
        row = Circle(programme_id=programme_id, name=name, formed_at=talk.now)
        programmes.save(db, row)
        for role, member_id in ids:
            members.take_seat(db, row.id, members.get(db, member_id), role, talk.now)
        return row.id


def start(talk, programme_id, starts_on=date(2027, 3, 1), weeks=13):
    """Let a programme run from this day on, with its calendar written down."""
    with talk.store.writing() as db:
        row = programmes.get(db, programme_id)
        row.state, row.starts_on, row.ends_on = "running", starts_on, rules.term_end(starts_on, weeks)
        programmes.save(db, row)
        replan(db, row, talk.now)


def rows(store, *, besides=("inbox", "heartbeat")):
    """Everything that the store holds, by table, to compare before and after."""
    with store.writing() as db:
        tables = [table for table in metadata.sorted_tables if table.name not in besides]
        return {table.name: sorted(map(tuple, db.execute(table.select()).all()), key=str) for table in tables}


def hasten(store):
    """Let an SQLite store forget about power cuts: a test that says a great deal waits for no disk."""
    if store.file is None:
        return store
    connection = store.engine.raw_connection()
    connection.cursor().execute("PRAGMA synchronous=OFF")
    connection.close()
    return store


# What a command may be given, so that every one of the table can be said by anybody.
PLAUSIBLE = {
    "word": "x",
    "text": "a few words",
    "number": "1",
    "day": "2027-09-08",
    "zone": "Asia/Amman",
    "person": "cleo",
    "flag": "yes",
}


def line_of(command, **given):
    """Say a command with something plausible, or with what is given, in each of its places."""
    typed = [p for p in command.parameters if not p.form_only]
    words = [
        given.get(p.name) or (p.choices[-1] if p.choices else given.get(p.kind) or PLAUSIBLE[p.kind]) for p in typed
    ]
    return " ".join([command.path, *words])


def said_in(answers):
    """Everything that answers show: words, summaries, and all that stands in forms."""
    shown = []
    for answer in answers:
        if hasattr(answer, "form"):
            form = answer.form
            shown += [form.title, form.submit, form.call, *(span.plain() for span in form.intro)]
            for field in form.fields:
                options = [option.label for option in field.options]
                shown += [field.label, field.hint, field.initial, field.error, *options]
        else:
            shown += [answer.message.plain(), answer.message.summary]
    return "\n".join(shown)
