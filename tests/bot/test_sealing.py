"""The seal: nobody reads what is sealed without the key, and a key can be changed without losing anything."""

import pytest

from bot.sealing import Seal, Unsealable, new_key

KEY = "Zm9yIHRlc3RzIG9ubHksIDMyIGJ5dGVzIGxvbmchISE="
OTHER = "YW5vdGhlciBvbmUgZm9yIHRlc3RzLCAzMiBieXRlcyE="


@pytest.mark.parametrize("words", ["xoxb-secret", "", "حلقة", "a\nb\x00", "\ud800", "long " * 5000])
def test_what_is_sealed_is_opened_as_it_was(words):
    seal = Seal([KEY])
    assert seal.open(seal.seal(words)) == words


def test_nothing_of_it_can_be_read_and_the_same_words_never_look_the_same():
    seal = Seal([KEY])
    first, second = seal.seal("xoxb-secret"), seal.seal("xoxb-secret")
    assert "xox" not in first
    assert first != second
    assert first.isascii()


def test_the_first_key_seals_and_every_key_opens():
    before = Seal([KEY]).seal("xoxb-secret")
    both = Seal([OTHER, KEY])
    assert both.open(before) == "xoxb-secret"
    assert Seal([OTHER]).open(both.seal("xoxb-secret")) == "xoxb-secret"


def test_resealing_lets_the_old_key_go():
    before = Seal([KEY]).seal("xoxb-secret")
    after = Seal([OTHER, KEY]).reseal(before)
    assert Seal([OTHER]).open(after) == "xoxb-secret"
    with pytest.raises(Unsealable):
        Seal([KEY]).open(after)


def changed(words):
    middle = len(words) // 2
    return words[:middle] + ("A" if words[middle] != "A" else "B") + words[middle + 1 :]


@pytest.mark.parametrize(
    "given",
    [
        Seal([OTHER]).seal("xoxb-secret"),
        changed(Seal([KEY]).seal("xoxb-secret")),
        Seal([KEY]).seal("xoxb-secret")[:-10],
        "xoxb-secret",
        "",
        "ünd mehr",
        "\ud800",
    ],
    ids=["another key", "changed", "cut off", "never sealed", "empty", "not ascii", "not even text"],
)
def test_what_does_not_open_says_what_to_do(given):
    seal = Seal([KEY])
    for work in (seal.open, seal.reseal):
        with pytest.raises(Unsealable, match="Put the key it was sealed with back") as caught:
            work(given)
        assert not given or given not in str(caught.value)


def test_a_new_key_is_a_key_and_never_the_same():
    first, second = new_key(), new_key()
    assert first != second
    assert Seal([second, first]).open(Seal([first]).seal("a")) == "a"


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [""],
        ["   "],
        ["hunter2"],
        [KEY[:-1]],
        [KEY + "="],
        [KEY.replace("Z", "+")],
        [KEY[:-2] + "\u0661="],
        [KEY, "hunter2"],
        ["hunter2", KEY],
        "hunter2",
    ],
)
def test_what_is_no_key_is_refused_and_not_repeated(keys):
    with pytest.raises(ValueError, match="halqa key") as caught:
        Seal(keys)
    told = str(caught.value)
    assert "hunter2" not in told
    assert KEY[:10] not in told
    assert caught.value.__cause__ is None
    if len(keys) == 2:
        assert f"Key {keys.index('hunter2') + 1} of 2" in told


def test_a_key_may_come_with_the_end_of_its_line_or_alone():
    assert Seal(KEY).open(Seal([f" {KEY}\n"]).seal("a")) == "a"


def test_a_seal_shows_nothing_of_its_keys():
    seal = Seal([KEY, OTHER])
    assert repr(seal) == str(seal) == f"{seal}" == "Seal()"
