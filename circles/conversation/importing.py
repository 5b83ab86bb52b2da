"""An organiser's own prompts come onto the shelf: all of a file, or nothing of it."""

import re
from datetime import datetime

from circles.conversation import library, shelf
from circles.conversation.library import Prompt
from circles.errors import BadCall
from circles.language import _
from storage import Session, Store, people, programmes, rounds
from storage.tables import OwnPrompt, Programme

_OWN = re.compile(r"own-([0-9]{1,6})")


def import_prompts(store: Store, platform: str, workspace: str, programme_slug: str, data: bytes, now: datetime) -> int:
    """Bring the prompts of a CSV file into a programme, all or none; gives how many.

    Raises circles.files.FileRefused, which names every line and column to mend, and BadCall for an unknown programme.
    """
    with store.writing() as db:
        tenant = people.workspace(db, platform, workspace)
        programme = programmes.by_slug(db, tenant.id, programme_slug)
        if programme is None:
            raise BadCall(_("There is no programme “{slug}” here.").format(slug=programme_slug))
        count = bring(db, programme, data)
        programmes.note(db, programme.id, None, now, "programme prompts import", str(count))
    return count


def bring(db: Session, programme: Programme, data: bytes) -> int:
    """Put the prompts of a CSV file on a programme's shelf; raises circles.files.FileRefused and takes nothing."""
    prompts = library.parse_import(data, known_ids(db, programme))
    for prompt in prompts:
        _put(db, programme, prompt)
    return len(prompts)


def add(
    db: Session,
    programme: Programme,
    *,
    theme: str,
    phase: library.Phase,
    depth: library.Depth,
    minutes: int,
    life: library.Life,
    text: str,
) -> Prompt:
    """Put one prompt on a programme's shelf, for every company, in the programme's language, as own-<number>."""
    numbers = [int(found[1]) for code in known_ids(db, programme) if (found := _OWN.fullmatch(code))]
    prompt = Prompt(
        id=f"own-{max(numbers, default=0) + 1}",
        theme=theme,
        phase=phase,
        depth=depth,
        minutes=minutes,
        life=life,
        audience=frozenset(library.AUDIENCES),
        tags=frozenset(),
        language=str(programme.settings.get("language", "en")),
        text=text,
    )
    _put(db, programme, prompt)
    return prompt


def known_ids(db: Session, programme: Programme) -> frozenset[str]:
    """Give every id that is taken: of the shipped prompts, and of a programme's own."""
    shipped = {prompt.id for prompt in library.shipped(shelf.shipped_language(programme))}
    return frozenset(shipped | {row.code for row in rounds.own_prompts(db, programme.id)})


def _put(db: Session, programme: Programme, prompt: Prompt) -> None:
    rounds.save_own_prompt(db, OwnPrompt(programme_id=programme.id, code=prompt.id, body=shelf.to_body(prompt)))
