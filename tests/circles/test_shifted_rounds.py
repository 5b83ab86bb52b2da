"""A round that was announced for one day and moved to another: the next ones are counted from where it truly opened."""

from datetime import date

import cast

from storage import programmes, rounds


def test_rounds_after_a_shifted_one_keep_their_distance_from_the_day_on_which_it_opened(talk):
    programme = cast.programme(talk, organisers=("olga", "petra"), zone="UTC", every_weeks=2, prompts="off")
    circle = cast.circle(talk, programme, mentors=("ada", "bob"), mentees=("cleo", "dana"))
    cast.start(talk, programme, date(2027, 2, 8))
    talk.passes(days=18)  # Friday 19 February: round 2 has been announced for Monday the 22nd
    talk.says("olga", "/programme schedule blackout 2027-02-22 2027-02-26 rest")
    talk.presses("olga", "Keep these days free")
    talk.passes(days=12)  # round 2 opens on 1 March instead
    talk.says("olga", "/programme settings table-size 5")  # anything that plans anew
    talk.passes(days=14)
    with talk.store.writing() as db:
        opened = [row.opens_on for row in rounds.of_circle(db, circle)]
        coming = [o.day for o in programmes.occurrences(db, programme, state="planned") if o.kind == "round-open"]
    assert opened == [date(2027, 2, 8), date(2027, 3, 1), date(2027, 3, 15)]
    assert coming[0] == date(2027, 3, 29)
