"""Rotation: who meets whom in the next round of one circle, who sits out, and why."""
