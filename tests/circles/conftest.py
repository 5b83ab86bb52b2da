"""A workspace of people for conversations."""

import pytest
from talk import Talk


@pytest.fixture
def talk(sqlite_store):
    """A fresh workspace on a fresh database, Monday 1 February 2027, 09:00 UTC."""
    return Talk(sqlite_store)
