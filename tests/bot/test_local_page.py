"""The page of the local workspace in a real browser: a whole small programme, seen and done by its people."""

import asyncio
import re
import shutil

import pytest
from local_house import opened
from page_person import PATIENCE, served
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
NEEDS_A_NAME = {
    "button",
    "textbox",
    "combobox",
    "checkbox",
    "radio",
    "switch",
    "link",
    "listbox",
    "option",
    "searchbox",
}
ROSTER = (
    "user,name,stance,offers,wants,languages,zone,institution,stage\n"
    "new1,New One,mentor,statistics,,English,Mars/Olympus,Red Planet College,senior\n"
    "new2,New Two,queen,statistics,,English,Asia/Amman,Wadi College,senior\n"
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two furnished folders to copy: a new demo, and one whose first round has just been introduced."""
    here = tmp_path_factory.mktemp("folders")

    async def furnish():
        async with opened(here / "new"):
            pass
        shutil.copytree(here / "new", here / "round")
        async with opened(here / "round") as house:
            await house.begins()
            await house.app.player.week()

    asyncio.run(furnish())
    return here


@pytest.fixture
def running(folders, tmp_path):
    with served(shutil.copytree(folders / "round", tmp_path / "demo")) as address:
        yield address


def join(ada):
    ada.says("/circle join")
    ada.form.get_by_label("Mentee: I want").check()
    ada.get("field-wants").fill("grant writing; negotiating")
    ada.hands_in()
    ada.get("field-languages").fill("English, Yoruba")
    ada.get("field-institution").fill("Lagoon University")
    ada.get("field-stage").select_option("doctoral")
    ada.hands_in()
    expect(ada.form).to_contain_text("step 3 of 3", timeout=PATIENCE)
    ada.hands_in()
    ada.sees("You are on the list of Women in science")


def test_a_guest_joins_in_three_steps_and_a_refused_answer_is_told_beside_its_field(new, visit):
    ada = visit(new)
    ada.says("/circle join")
    expect(ada.form).to_contain_text("step 1 of 3", timeout=PATIENCE)
    ada.hands_in()
    expect(ada.form.locator("[data-field=stance] .field-error")).to_have_text("This one is needed to go on.")
    ada.form.get_by_label("Mentee: I want").check()
    ada.get("field-offers").fill("statistics")
    ada.hands_in()
    wrong = ada.form.locator("[data-field=wants]")
    expect(wrong.locator(".field-error")).to_have_text(
        "For a mentee seat, could you name at least one topic you want?", timeout=PATIENCE
    )
    expect(wrong.get_by_role("textbox")).to_be_focused()
    expect(wrong.get_by_role("textbox")).to_have_attribute("aria-invalid", "true")
    expect(wrong.locator(".field-error")).to_be_in_viewport()
    expect(ada.get("field-offers")).to_have_value("statistics")
    expect(ada.form.get_by_label("Mentee: I want")).to_be_checked()
    ada.form.get_by_role("button", name="Not now").click()
    join(ada)
    expect(ada.form).to_be_hidden()


def test_a_closed_form_comes_back_with_what_was_typed(new, visit):
    ada = visit(new)
    ada.says("/circle join")
    ada.get("field-offers").fill("statistics")
    ada.page.keyboard.press("Escape")
    expect(ada.form).to_be_hidden()
    ada.says("/circle join")
    expect(ada.get("field-offers")).to_have_value("statistics", timeout=PATIENCE)


def test_a_programme_goes_from_joining_to_a_meeting_that_took_place(new, visit):
    person = visit(new)
    join(person)
    person.acts_as("rana")
    person.says("/programme form")
    preview = person.sees("Waiting list")
    expect(preview).to_contain_text("Ada Nwankwo, mentee")
    person.presses("Confirm these circles")
    person.sees("1 circle is formed: 20 people have a seat")
    person.never_sees("Waiting list")
    person.acts_as("ada")
    person.opens("Women in science, circle 1")
    person.sees("Welcome to Women in science, circle 1")
    person.get("clock-next").click()
    expect(person.get("clock-now")).not_to_have_attribute("datetime", "2027-03-01T08:00:00Z", timeout=PATIENCE)
    person.jumps_a_week()
    person.opens("Round 1: .*Ada Nwankwo")
    introduction = person.sees("this round you meet each other")
    expect(introduction).to_contain_text("Hours that suit both of you")
    for _week in range(2):
        person.jumps_a_week()
    person.opens("Halqa")
    question = person.sees("Did you meet")
    question.get_by_role("button", name="Yes, we met").click()
    noted = person.sees("Noted: you met")
    expect(noted).to_have_count(1)
    person.never_sees("Did you meet")
    person.page.reload()
    person.sees("Noted: you met")


def test_a_press_answers_the_presser_alone_and_two_quick_presses_are_one(running, visit):
    ada, noura = visit(running), visit(running)
    ada.opens("Round 1")
    partner = re.search(r"Round 1: (.+) and Ada", ada.page.get_by_role("heading", level=1).inner_text())[1]
    noura.get("act-as").click()
    noura.get("act-as-search").fill(partner)
    noura.page.keyboard.press("Enter")
    noura.opens("Round 1")
    noura.sees("this round you meet each other")
    ada.get("messages").get_by_role("button", name="We met", exact=True).dblclick()
    noted = ada.sees("Noted: you met")
    expect(noted).to_contain_text("Only visible to you")
    ada.says("See you on Tuesday")
    noura.sees("See you on Tuesday")
    expect(ada.messages.filter(has_text="Noted: you met")).to_have_count(1)
    noura.never_sees("Noted: you met")


def test_while_her_rooms_load_no_room_of_another_person_can_be_opened(running, visit):
    ada, loading = visit(running), []
    ada.page.route("**/api/rooms?as=bob", lambda route: loading.append(route), times=1)  # noqa: PLW0108 - it is asked how many arguments it takes
    ada.get("act-as").click()
    ada.get("act-as-search").fill("bob")
    with ada.page.expect_request("**/api/rooms?as=bob"):
        ada.page.locator('[data-testid="act-as-option"][data-person="bob"]').click()
    expect(ada.get("room-list").get_by_role("button")).to_have_count(0)
    loading[0].continue_()
    ada.opens("Women in science, circle 1")


def test_what_one_writes_the_other_sees_at_once_and_elsewhere_it_is_counted(running, visit):
    ada, bob = visit(running), visit(running)
    bob.acts_as("bob")
    ada.opens("Women in science, circle 1")
    bob.get("room-list").get_by_role("button", name=re.compile("circle 1")).wait_for()
    ada.says("Good morning, circle")
    ada.says("شكراً للجميع")
    unread = bob.get("room-list").get_by_role("button", name=re.compile("circle 1 4 unread"))
    expect(unread).to_be_visible(timeout=PATIENCE)
    bob.opens("Women in science, circle 1")
    expect(bob.messages.filter(has_text="Good morning, circle")).to_have_count(1)
    bob.says("Good morning, Ada")
    ada.sees("Good morning, Ada")
    expect(unread).to_have_count(0)
    for person in (ada, bob):
        person.page.reload()
        person.sees("Good morning, Ada")
        person.sees("شكراً للجميع")


def test_a_press_on_a_room_counts_though_news_redraw_the_list_under_it(running, visit):
    ada, bob = visit(running), visit(running)
    bob.acts_as("bob")
    bob.opens("Women in science, circle 1")
    ada.get("room-list").get_by_role("button", name="Women in science, circle 1").hover()
    before = ada.page.title()
    ada.page.mouse.down()
    bob.says("Good morning, circle")
    expect(ada.page).not_to_have_title(before, timeout=PATIENCE)
    ada.page.mouse.up()
    ada.sees("Good morning, circle")


def test_a_goal_is_set_in_a_form_and_listed_for_its_owner_alone(running, visit):
    ada = visit(running)
    ada.says("/circle goal add")
    expect(ada.form).to_contain_text("Your goal", timeout=PATIENCE)
    ada.get("field-text").fill("Write the <b>methods</b> chapter")
    ada.hands_in()
    expect(ada.form).to_be_hidden(timeout=PATIENCE)
    ada.says("/circle goal list")
    ada.sees("Write the <b>methods</b> chapter")
    ada.acts_as("bob")
    ada.never_sees("methods")


def test_a_command_is_completed_and_sent_by_keyboard_alone(new, visit):
    ada = visit(new)
    expect(ada.get("composer")).to_be_focused()
    ada.get("act-as").focus()
    ada.page.keyboard.press("Shift+Tab")
    expect(ada.page.get_by_role("link", name="Skip to writing")).to_be_focused()
    ada.page.keyboard.press("Enter")
    expect(ada.get("composer")).to_be_focused()
    expect(ada.page).to_have_url(re.compile("as=ada"))
    ada.page.keyboard.type("/circle ")
    expect(ada.get("suggestion").first).to_be_visible()
    expect(ada.get("suggestion").filter(has_text="/programme")).to_have_count(0)
    ada.page.keyboard.type("he")
    expect(ada.get("suggestion")).to_have_count(1)
    ada.page.keyboard.press("Tab")
    expect(ada.get("composer")).to_have_value("/circle help ")
    ada.page.keyboard.press("Enter")
    ada.sees("/circle join")
    ada.page.keyboard.press("ArrowUp")
    expect(ada.get("composer")).to_have_value("/circle help")


def test_a_command_in_a_message_is_put_into_the_line_without_its_placeholders(running, visit):
    ada = visit(running)
    ada.says("/circle help")
    ada.sees("/circle goal add").get_by_role("button", name="/circle goal done [number]").click()
    expect(ada.get("composer")).to_have_value("/circle goal done ")
    expect(ada.get("composer")).to_be_focused()


def test_everything_can_be_reached_by_tab_and_a_form_filled_without_a_mouse(new, visit):
    ada = visit(new)
    expect(ada.get("composer")).to_be_focused()  # where one begins; from there back to the first
    ada.page.get_by_role("link", name="Skip to writing").focus()
    reached = []
    for _step in range(30):
        ada.page.keyboard.press("Tab")
        focused = ada.page.locator(":focus")
        reached.append(focused.get_attribute("id") or "" if focused.count() else "")
        if reached[-1] == "composer":
            break
    assert {"act-as", "calendar-open", "received-open", "clock-play", "clock-speed", "lively", "composer"} <= {*reached}
    ada.page.keyboard.type("/circle join")
    ada.page.keyboard.press("Enter")
    expect(ada.form).to_contain_text("step 1 of 3", timeout=PATIENCE)
    ada.page.keyboard.press("ArrowDown")
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.type("statistics")
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.type("negotiating")
    ada.get("form-submit").press("Enter")
    expect(ada.form).to_contain_text("step 2 of 3", timeout=PATIENCE)


def test_the_clock_plays_pauses_and_says_what_comes(running, visit):
    ada, bob = visit(running), visit(running)
    caption = ada.page.locator("#clock-caption")
    expect(caption).to_have_text(re.compile(r"^Next, \w{3} \d+ \w{3} \d\d:\d\d: \w"))
    ada.get("lively").check()
    ada.get("clock-speed").select_option("as fast as it goes")
    before = ada.get("clock-now").get_attribute("datetime")
    ada.get("clock-play").click()
    expect(ada.get("clock-play")).to_have_text("Pause", timeout=PATIENCE)
    for person in (ada, bob):
        person.is_at("April")
    ada.get("clock-play").click()
    expect(ada.get("clock-play")).to_have_text("Play", timeout=PATIENCE)
    expect(bob.get("clock-play")).to_have_text("Play", timeout=PATIENCE)
    stood = ada.get("clock-now").get_attribute("datetime")
    assert stood > before
    ada.page.reload()
    expect(ada.get("clock-now")).to_have_attribute("datetime", stood, timeout=PATIENCE)


def test_the_calendar_lists_what_will_be_sent_and_received_counts_what_was(running, visit):
    ada = visit(running)
    ada.get("calendar-open").click()
    expect(ada.get("calendar-entry").filter(has_text="round 2 begins")).to_be_visible(timeout=PATIENCE)
    heads_up = ada.get("calendar-entry").filter(has=ada.page.get_by_text("heads-up before round 2", exact=True))
    expect(heads_up).to_contain_text("the working day before Mon 22 Mar")
    expect(ada.page.get_by_role("complementary")).not_to_contain_text("Bob Lindqvist")
    ada.get("received-open").click()
    row = ada.page.locator('[data-testid="received-row"][data-person="ada"]')
    expect(row.get_by_role("cell")).to_have_text(["1", "2", re.compile("Mon 8 Mar 0")], timeout=PATIENCE)
    expect(ada.page.locator("#drawer .drawer-lead")).to_contain_text("Nobody has had more than 2 messages this week")
    ada.get("drawer-close").click()
    expect(ada.get("received-open")).to_be_focused()


def test_a_roster_with_bad_lines_shows_each_line_and_column_and_brings_nobody_in(new, visit):
    rana = visit(new)
    expect(rana.get("import-open")).to_be_hidden()
    rana.acts_as("rana")
    rana.get("import-open").click()
    rana.get("import-text").fill(ROSTER)
    rana.get("import-submit").click()
    problems = rana.get("import-problems").get_by_role("row")
    expect(problems).to_have_count(3, timeout=PATIENCE)
    expect(problems.nth(1).get_by_role("cell").nth(0)).to_have_text("2")
    expect(problems.nth(1).get_by_role("cell").nth(1)).to_have_text("zone")
    expect(problems.nth(2).get_by_role("cell").nth(0)).to_have_text("3")
    expect(problems.nth(2).get_by_role("cell").nth(1)).to_have_text("stance")
    expect(rana.get("import-result")).to_contain_text("Nothing was imported")
    expect(rana.get("import-text")).to_have_value(ROSTER)
    rana.get("import-text").fill(ROSTER.replace("Mars/Olympus", "Asia/Amman").replace("queen", "mentor"))
    rana.get("import-submit").click()
    expect(rana.get("import-result")).to_contain_text("2 people are on the waiting list", timeout=PATIENCE)


def test_a_refusal_is_a_kind_private_answer_and_words_are_never_lost(running, visit):
    ada = visit(running)
    ada.says("/circle goal lst")
    expect(ada.messages.last).to_contain_text("Only visible to you", timeout=PATIENCE)
    ada.get("composer").fill("half a thou")
    ada.opens("Women in science")
    expect(ada.get("composer")).to_have_value("")
    ada.opens("Halqa")
    expect(ada.get("composer")).to_have_value("half a thou")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 568)])
def test_on_a_telephone_nothing_reaches_over_the_edge(running, visit, width, height):
    ada = visit(running, width=width, height=height, has_touch=True)
    assert ada.over_the_edge() == []
    ada.page.get_by_role("button", name="More about the clock").click()
    assert ada.over_the_edge() == []
    ada.page.get_by_role("button", name="Rooms and workspace").click()
    ada.opens("Round 1")
    ada.sees("this round you meet each other")
    assert ada.over_the_edge() == []
    ada.says("/circle goal add")
    expect(ada.form).to_be_visible(timeout=PATIENCE)
    assert ada.over_the_edge() == []
    ada.page.keyboard.press("Escape")
    for drawer in ("calendar", "received"):
        ada.page.get_by_role("button", name="Rooms and workspace").click()
        ada.get(f"{drawer}-open").click()
        expect(ada.page.locator("#drawer-body li, #drawer-body td").first).to_be_visible(timeout=PATIENCE)
        assert ada.over_the_edge() == []
        ada.get("drawer-close").click()
    ada.get("composer").fill("/circle g")
    expect(ada.get("suggestion").first).to_be_visible()
    assert ada.over_the_edge() == []


def test_everything_one_can_use_has_a_name_and_the_page_has_its_landmarks(running, visit):
    rana = visit(running)
    rana.acts_as("rana")
    rana.says("/programme status")
    rana.sees("Women in science")
    states = {"room": rana.tree()}
    rana.get("calendar-open").click()
    expect(rana.get("calendar-entry").first).to_be_visible(timeout=PATIENCE)
    states["calendar"] = rana.tree()
    rana.get("import-open").click()
    states["roster"] = rana.tree()
    rana.get("drawer-close").click()
    rana.get("act-as").click()
    states["people"] = rana.tree()
    rana.page.keyboard.press("Escape")
    rana.says("/circle join")
    states["form"] = rana.tree()
    for state, tree in states.items():
        assert [(state, role) for role, name in tree if role in NEEDS_A_NAME and not name] == []
    roles = [role for role, _name in states["room"]]
    assert {"main", "navigation", "log"} <= set(roles)
    assert roles.count("main") == 1
    assert rana.page.locator("h1:visible").count() == 1
    assert rana.page.locator("html").get_attribute("lang") == "en"
