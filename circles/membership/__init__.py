"""The people of a programme: what each offers and wants, when and in which words they can meet, and how they arrive.

A profile is a member's own description of herself. It is typed in three short steps, or brought by an organiser in a
roster, and in both cases read by the same rules, so that a file can say nothing that a person could not.
"""
