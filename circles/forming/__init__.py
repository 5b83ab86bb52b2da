"""Forming: from a list of members to circles that can meet, with the reasons in words.

The organiser sees a preview before anything happens. Hard rules (private requests, languages, working hours,
institutions, seats) are never broken; wishes are weighed; whatever could not be granted is named.

* `values`: what goes in and what comes out.
* `hard_rules`: what no circle may break, told pair by pair.
* `board`: the same rules as sets of bits, quick enough to search.
* `search`: who is seated: first as many people as possible, then those who have waited longest.
* `wishes`: who sits where: offers meet wants, a mix of institutions and stages, hours in common.
* `diagnosis`: when no circle is possible, which rule is in the way and what would help.
* `reasons`: why a circle looks as it does, what it could not grant, why somebody waits.
* `rules`: the two questions an organiser asks: `propose` and `move`.
* `words`: every sentence of this room.
"""
