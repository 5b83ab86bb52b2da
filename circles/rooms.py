"""The keys by which the core knows rooms, whatever a chat calls them."""


def circle_room(programme_id: int, circle_id: int) -> str:
    """Give the key of a circle's room."""
    return f"p{programme_id}:c{circle_id}"


def group_room(programme_id: int, group_id: int) -> str:
    """Give the key of a meeting group's room."""
    return f"p{programme_id}:g{group_id}"


def is_of(key: str, programme_id: int) -> bool:
    """Say whether a room belongs to a programme."""
    return key.startswith(f"p{programme_id}:")
