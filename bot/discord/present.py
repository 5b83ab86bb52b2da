"""Who is named by a mention in a room: a mention in a private thread brings in whom it names."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from circles.messages import Block, Bullets, Facts, Mention, Message, Plain, Quote, Span, Text


def mentioning(message: Message, people: Collection[str]) -> Message:
    """Give a message that mentions these people (ids) only; everybody else is in it by name."""

    def spans(of: Iterable[Span]) -> tuple[Span, ...]:
        return tuple(
            Plain(span.text) if isinstance(span, Mention) and span.person not in people else span for span in of
        )

    def block(of: Block) -> Block:
        match of:
            case Text() | Quote():
                return replace(of, spans=spans(of.spans))
            case Bullets():
                return replace(of, items=tuple(spans(item) for item in of.items))
            case Facts():
                return replace(of, rows=tuple(replace(row, spans=spans(row.spans)) for row in of.rows))
        return of

    return replace(message, blocks=tuple(block(one) for one in message.blocks))
