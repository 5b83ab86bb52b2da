"""Who sits where while free seats of running circles are given out."""

from collections.abc import Iterator, Sequence

from circles.forming.board import Board, union
from circles.forming.values import Role, Seat

Place = tuple[int, Role]
"""A circle and the role in it."""

LOOKS = 60_000
"""Seats that are looked at in order to make room by moving somebody on."""

LOOKS_TO_MOVE = 20_000
"""So many of them once people who sat before may change circles: for each who waits, ever longer chains are tried."""


class Floor:
    """Who sits where while seats are given out; positions are those of a board."""

    def __init__(self, board: Board, circles: Sequence[Sequence[Seat]]) -> None:
        position = {person.id: at for at, person in enumerate(board.people)}
        self.board = board
        self.groups = [0 for _circle in circles]
        self.counts: list[dict[Role, int]] = [{"mentor": 0, "mentee": 0} for _circle in circles]
        self.place: dict[int, Place] = {}
        self.looks = LOOKS
        self.seen = 0
        for circle, seats in enumerate(circles):
            for seat in seats:
                self.sit(position[seat.person], (circle, seat.role))
        self.sat = list(self.groups)
        self.sitting = union(self.groups)
        self.home = {person: place[0] for person, place in self.place.items()}
        self.speak_alike = [board.have_a_language(group) for group in self.groups]
        self.had_both = [all(count.values()) for count in self.counts]

    def sit(self, person: int, place: Place) -> None:
        """Give somebody a seat."""
        circle, role = place
        self.groups[circle] |= 1 << person
        self.counts[circle][role] += 1
        self.place[person] = place

    def stand(self, person: int) -> Place:
        """Take somebody's seat; gives where it was."""
        circle, role = self.place.pop(person)
        self.groups[circle] &= ~(1 << person)
        self.counts[circle][role] -= 1
        return circle, role

    def fits(self, person: int, place: Place, without: int | None = None) -> bool:
        """Whether somebody could sit here without breaking a rule that this circle keeps, once ``without`` is gone."""
        circle, role = place
        group, count = self.groups[circle], self.counts[circle]
        taken = count[role]
        if without is not None:
            group &= ~(1 << without)
            left = self.place[without][1]
            taken -= left == role
            if self.had_both[circle] and left != role and count[left] == 1:
                return False
        return (
            taken < self.board.rules.seats_for(role)
            and not self.board.clashes[person] & group
            and (not self.speak_alike[circle] or self.board.have_a_language(group | 1 << person))
        )

    def places(self, person: int) -> Iterator[Place]:
        """Yield every seat that somebody could be thought into, smaller circles first; empty ones are not revived."""
        order = sorted(range(len(self.groups)), key=lambda circle: (self.groups[circle].bit_count(), circle))
        for circle in order:
            if self.groups[circle]:
                for role in sorted(self.board.people[person].roles, key=lambda role: self.counts[circle][role]):
                    yield circle, role

    def may_give_way(self, other: int, person: int, moves: int) -> bool:
        """Whether somebody may be asked to sit elsewhere: newcomers, and with a move left others who sit at home.

        The last one of a circle stays. A private request moves nobody: it could be read from the move.
        """
        if other not in self.home:
            return True
        circle = self.place[other][0]
        is_at_home = circle == self.home[other] and (self.groups[circle] & self.sat[circle]).bit_count() > 1
        pair = frozenset((self.board.people[other].id, self.board.people[person].id))
        return moves > 0 and is_at_home and pair not in self.board.rules.blocked

    def newcomers(self) -> list[int]:
        """Give those who sit and did not before."""
        return sorted(self.place.keys() - self.home.keys())

    def moved(self) -> list[int]:
        """Give those who sit in another circle than before."""
        return sorted(person for person, circle in self.home.items() if self.place[person][0] != circle)
