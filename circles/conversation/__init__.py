"""Conversation: what people may talk about when they meet, so that no pair has to start from nothing.

* `prompts/<language>`: the texts. A theme is a file, a translation is a folder with the same ids, and the short
  questions around meetings, goals and ties are in `checkins.toml`. No text here is quoted from elsewhere.
* `library`: reads and checks the texts, those we ship and those an organiser brings as a CSV file.
* `rules`: which prompt a group gets next, and in which phase of its term it is.

A prompt is an offer. It ends with one question, it can be skipped or exchanged, it never comes twice to the same group,
and where it goes deep it says itself that passing is fine. Nothing anyone answers is read or kept.
"""
