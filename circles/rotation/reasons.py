"""Why these people meet: the two or three strongest reasons, and what had to give way."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from circles import spelling
from circles.rotation import hours
from circles.rotation import reason_words as words
from circles.rotation.introduction_words import Company
from circles.rotation.memory import pairs_of
from circles.rotation.values import SMALLEST_TABLE, History, Pair
from circles.schedule import Habits
from storage.tables import Member

MOST = 3
OFFERS = 2  # of the three, so that something else is said too
FEWEST_HOURS = 2  # a day; fewer are a difficulty rather than a reason
WEEK = timedelta(days=8)


def strongest(
    company: Company, habits: Sequence[Habits], history: History, now: datetime, about: Collection[Pair] | None = None
) -> list[str]:
    """Say in words why these people meet, the strongest reason first, in the language that is spoken.

    Offers that meet wishes come first, then that they have not met, a mix, a wish they share, and hours that suit
    all; a meeting again is said in any case. Only pairs that the rotation is ``about`` meet again (all, if None is
    given): two mentees who share a trio once more are neither new to each other nor a repeat.
    """
    is_table = len(company) > SMALLEST_TABLE
    pairs = pairs_of([member.id for member, _person in company])
    met = [pair for pair in pairs if history.times_met(pair)]
    again = [pair for pair in met if about is None or pair in about]
    found = [
        *_offers(company)[:OFFERS],
        *([] if met else [words.first_time(is_table=is_table)]),
        *_mix(company, is_table=is_table),
        *_shared_wish(company),
        *_hours(habits, now),
    ][:MOST]
    if not again:
        return found
    numbers = sorted({held.number for held in history.placements if not held.met.isdisjoint(again)})
    return [*found, words.met_before(numbers, is_table=is_table, everybody=len(met) == len(pairs))]


def _offers(company: Company) -> list[str]:
    """One offer for each person whose wish another meets, first those that go both ways."""
    met = [
        (giver, taker, topics[0])
        for giver, taker in ((one, other) for one in company for other in company)
        if giver[0].id != taker[0].id and (topics := _topics(giver[0], taker[0]))
    ]
    ways = {(giver[0].id, taker[0].id) for giver, taker, _topic in met}
    said: list[str] = []
    helped: set[int] = set()
    for giver, taker, topic in sorted(met, key=lambda one: (one[1][0].id, one[0][0].id) not in ways):
        if taker[0].id not in helped:
            helped.add(taker[0].id)
            said.append(words.offer(giver[1], topic, taker[1]))
    return said


def _topics(giver: Member, taker: Member) -> tuple[str, ...]:
    return spelling.shared(tuple(giver.offers), tuple(taker.wants))


def _mix(company: Company, *, is_table: bool) -> Iterable[str]:
    homes = [spelling.key(member.institution) for member, _person in company]
    stages = [member.stage for member, _person in company]
    if is_table:
        many_homes, many_stages = len(set(homes) - {""}), len(set(stages) - {"other"})
        return [words.table_mix(many_homes, many_stages)] if many_homes > 2 else []
    return words.pair_mix(homes=_all_differ(homes, ""), stages=_all_differ(stages, "other"))


def _all_differ(named: Sequence[str], unknown: str) -> bool:
    return unknown not in named and len(set(named)) == len(named)


def _shared_wish(company: Company) -> list[str]:
    wishes = Counter(key for member, _person in company for key in {spelling.key(topic) for topic in member.wants})
    all_wish = [topic for topic in company[0][0].wants if wishes[spelling.key(topic)] == len(company)]
    return [words.shared_wish(all_wish[0], len(company))] if all_wish else []


def _hours(habits: Sequence[Habits], now: datetime) -> list[str]:
    stretches = hours.shared(habits, now, now + WEEK, most=WEEK.days * len(habits))
    longest = max((end - start for start, end in stretches), default=timedelta(0)) // timedelta(hours=1)
    return [words.hours(longest)] if longest >= FEWEST_HOURS else []
