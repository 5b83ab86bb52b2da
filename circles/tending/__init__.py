"""Tending: circles that run take people in, give people to each other, become one or two.

* `seating`: the list of circles, and moving somebody.
* `mending`: what is in the way in one circle, and two circles as one; `splitting`: one as two.
* `refilling`: people who wait take free seats (`floor`: who sits where; `trading`: by wishes).
* `running`: the circles as plain values; `resettling`: what else changes when people do (rounds, rooms, goals).
* `handlers`, `merging`: what organisers type; `mending_words`, `mended_words`: what is said before and after.
"""
