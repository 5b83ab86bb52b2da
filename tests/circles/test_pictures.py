"""Pictures of rounds: a member sees her own way, an organiser sees counts."""

from datetime import date

import cast

from circles.messages import Picture


def pictures(heard):
    return [block for block in heard.message.blocks if isinstance(block, Picture)]


def begins(talk):
    programme = cast.programme(talk, organisers=("olga", "petra"), zone="UTC", every_weeks=2)
    cast.circle(talk, programme, mentors=("ada", "bob"), mentees=("cleo", "dana"))
    cast.start(talk, programme, date(2027, 2, 8))
    return programme


def test_a_member_sees_whom_she_has_met_and_nobody_elses_way(talk):
    begins(talk)
    talk.says("ada", "/circle next")
    assert pictures(talk.heard["ada"][-1]) == []
    talk.passes(days=8)
    talk.says("ada", "/circle met yes")
    talk.says("ada", "/circle next")
    (picture,) = pictures(talk.heard["ada"][-1])
    assert picture.alt == "you have met 1 of 2 people"
    assert sorted(picture.rows[0].levels) == [0, 3]
    talk.says("bob", "/circle next")
    (picture,) = pictures(talk.heard["bob"][-1])
    assert picture.alt == "you have met 0 of 2 people"


def test_an_organiser_sees_how_many_meetings_were_held_and_no_name(talk):
    begins(talk)
    talk.passes(days=8)
    talk.says("ada", "/circle met yes")
    talk.says("olga", "/programme rounds")
    (picture,) = pictures(talk.heard["olga"][-1])
    assert picture.alt == "1 of 2 meetings were held so far"
    assert [row.label for row in picture.rows] == ["Circle 1"]
    assert picture.rows[0].levels == (2,)
