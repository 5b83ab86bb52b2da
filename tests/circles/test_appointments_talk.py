"""Finding an hour, as any chat plays it: at the core, on Slack and on Discord."""

from test_appointments import pair, table


def test_both_may_name_the_same_hour_and_mean_yes(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.says("dana", "/circle meet 2027-03-02 15:00")
    talk.hears("cleo", "You have an hour:")


def test_a_no_of_one_of_two_ends_a_proposal_and_offers_other_hours(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("dana", "Not then")
    talk.hears("dana", "Noted: Tue 2 March, 15:00, 60 minutes does not suit you. Would another hour?")
    talk.hears("cleo", "Tue 2 March, 15:00, 60 minutes does not suit everybody. Another hour may:")
    talk.presses("cleo", "Other hours")
    assert "Proposed" not in talk.hears("cleo", "An hour to meet").words
    talk.says("dana", "/circle meet yes 1")
    talk.hears("dana", "That hour is off.")
    talk.says("dana", "/circle meet Tuesday 15:00")
    talk.hears("cleo", "Dana proposes an hour: Tue 2 March, 15:00")


def test_who_has_stepped_out_of_a_group_counts_no_more(talk):
    table(talk, "cleo", "dana", "emre")
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("emre", "It suits me")
    talk.says("dana", "/circle skip 1")
    talk.hears("emre", "You have an hour:")
    talk.says("dana", "/circle meet yes 1")
    talk.hears("dana", "You have no meeting to find an hour for just now.")


def test_an_hour_that_too_few_of_those_left_can_come_to_is_off(talk):
    table(talk, "cleo", "dana", "emre", "fay")
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("dana", "It suits me")
    for who in ("emre", "fay"):
        talk.presses(who, "Not then")
    talk.says("dana", "/circle meet set 1")
    talk.says("cleo", "/circle skip 1")
    talk.hears("fay", "The hour that was set is off:")
    talk.never_hears("fay", "Cleo can't make it")
    talk.says("dana", "/circle next")
    talk.hears("dana", "Round 1, until")
    talk.never_hears("dana", "Your hour")


def test_a_fourth_proposal_waits_for_an_answer_to_the_first_three(talk):
    pair(talk)
    for hour in ("13:00", "14:00", "15:00"):
        talk.says("cleo", f"/circle meet Tuesday {hour}")
    talk.says("cleo", "/circle meet Tuesday 16:00")
    talk.hears("cleo", "3 hours are proposed already. Please answer those first.")
    talk.never_hears("dana", "16:00")
