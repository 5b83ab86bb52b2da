"""Forming: from a list of members to circles that can meet, with the reasons in words.

The organiser sees a preview before anything happens. Hard rules (private requests, languages, working hours,
institutions, seats) are never broken; wishes are weighed; whatever could not be granted is named.

* `values`: what goes in and what comes out; `casting`: from the store and back.
* `hard_rules`: what no circle may break, told pair by pair; `board`: the same as sets of bits, quick enough to search.
* `search` (`walk`, `repair`): who is seated: first as many people as possible, then those who have waited longest.
* `spread`, `sharing`: a first seating for a crowd, by language and along the globe.
* `wishes`: what two people are worth to each other; `similarity`: topics in similar words.
* `arranging`: who sits where, by search; `exact`: for few people, by proof; `draw`: the whole way, with no
  more work than was granted (`effort`).
* `judging`: how far from the best, and what each rule costs; `diagnosis`: when no circle is possible, what would help.
* `reasons`, `queue`: why a circle looks as it does, why somebody waits.
* `rules`: the two questions an organiser asks: `propose` and `move`.
* `handlers`, `launch`, `weighing`: what organisers type and what comes of it; `preview`, `words`, `judging_words`.
"""
