"""Bringing a roster in from the organiser's page, in a real browser: whatever spreadsheet wrote it, and where to."""

import asyncio
import shutil

import pytest
from local_house import opened
from page_person import PATIENCE, served
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
ZOE = (
    "user,name,stance,offers,wants,languages,zone,institution,stage\n"
    "zoe,Zoé Lindqvist,mentor,statistics,,English,Europe/Stockholm,Mälarvik College,senior\n"
)
ALUMNAE = {
    "name": "Alumnae",
    "purpose": "Those who have left meet those who are here.",
    "objectives": "Everybody meets three new people.",
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two furnished folders to copy: a new demo, and one whose organiser has begun a second programme."""
    here = tmp_path_factory.mktemp("folders")

    async def furnish():
        async with opened(here / "new"):
            pass
        shutil.copytree(here / "new", here / "two")
        async with opened(here / "two") as house:
            await house.does("rana", "/programme setup 1", **ALUMNAE)

    asyncio.run(furnish())
    return here


@pytest.fixture
def two(folders, tmp_path):
    with served(shutil.copytree(folders / "two", tmp_path / "demo")) as address:
        yield address


def rana_at_the_roster(visit, address, **size):
    rana = visit(address, **size)
    rana.acts_as("rana")
    rana.get("import-open").click()
    expect(rana.get("import-sample")).to_be_visible(timeout=PATIENCE)
    return rana


def chooses(rana, data, name="roster.csv"):
    rana.get("import-file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})


def is_known(rana, who):
    rana.page.reload()
    rana.get("act-as").click()
    rana.get("act-as-search").fill(who)
    return rana.page.locator(f'[data-testid="act-as-option"][data-person="{who}"]')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_in_unicode_is_shown_and_brought_in_with_all_its_letters(new, visit, encoding):
    rana = rana_at_the_roster(visit, new)
    chooses(rana, ZOE.encode(encoding))
    expect(rana.get("import-result")).to_have_text("roster.csv: 2 lines, ready to import.", timeout=PATIENCE)
    expect(rana.get("import-text")).to_have_value(ZOE)
    rana.get("import-submit").click()
    expect(rana.get("import-result")).to_have_text(
        "1 person is on the waiting list of Women in science.", timeout=PATIENCE
    )
    expect(is_known(rana, "zoe")).to_contain_text("Zoé Lindqvist", timeout=PATIENCE)


def test_a_file_in_another_encoding_is_refused_at_once_and_nobody_comes_in(new, visit):
    rana = rana_at_the_roster(visit, new)
    chooses(rana, ZOE.encode("latin-1"))
    expect(rana.get("import-result")).to_have_text(
        "roster.csv: Some letters cannot be read, the first of them in line 2. "
        "Please save the file as “CSV UTF-8” and send it again. Nothing was imported.",
        timeout=PATIENCE,
    )
    expect(rana.get("import-text")).to_have_value("")
    expect(rana.get("import-file")).to_have_value("")
    rana.get("import-submit").click()
    expect(rana.get("import-result")).to_have_text("Choose a file or paste a few lines first.", timeout=PATIENCE)
    expect(is_known(rana, "zoe")).to_have_count(0)


def test_lost_letters_in_pasted_lines_are_refused_too_and_the_lines_stay(new, visit):
    rana = rana_at_the_roster(visit, new)
    rana.get("import-text").fill(ZOE.replace("é", "\ufffd"))
    rana.get("import-submit").click()
    expect(rana.get("import-result")).to_contain_text("the first of them in line 2", timeout=PATIENCE)
    expect(rana.get("import-result")).to_contain_text("Nothing was imported.")
    expect(rana.get("import-text")).to_have_value(ZOE.replace("é", "\ufffd"))


def test_import_pressed_while_a_file_is_still_being_read_takes_that_file(new, visit):
    rana = rana_at_the_roster(visit, new)
    reading = []
    rana.page.route("**/api/roster/read", lambda route: reading.append(route), times=1)  # noqa: PLW0108 - it is asked how many arguments it takes
    with rana.page.expect_request("**/api/roster/read"):
        chooses(rana, ZOE.encode())
    rana.get("import-submit").click()
    reading[0].continue_()
    expect(rana.get("import-result")).to_have_text(
        "1 person is on the waiting list of Women in science.", timeout=PATIENCE
    )


def test_the_example_in_the_empty_field_can_be_imported_and_the_sample_saved(new, visit):
    rana = rana_at_the_roster(visit, new)
    with rana.page.expect_download() as saving:
        rana.get("import-sample").click()
    example = rana.get("import-text").get_attribute("placeholder")
    assert saving.value.suggested_filename == "halqa-sample-roster.csv"
    assert saving.value.path().read_text("utf-8-sig").startswith(example)
    rana.get("import-text").fill(example)
    rana.get("import-submit").click()
    expect(rana.get("import-result")).to_have_text(
        "1 person is on the waiting list of Women in science.", timeout=PATIENCE
    )


def test_before_she_imports_she_reads_where_the_people_will_be(new, visit):
    rana = rana_at_the_roster(visit, new)
    expect(rana.get("import-where")).to_have_text("Everybody goes on the waiting list of Women in science.")


def test_with_two_programmes_she_chooses_where_the_roster_goes(two, visit):
    rana = rana_at_the_roster(visit, two)
    into = rana.get("import-where").get_by_label("Into which programme")
    expect(into.get_by_role("option")).to_have_text(["Choose one of yours", "Alumnae", "Women in science"])
    rana.get("import-text").fill(ZOE)
    rana.get("import-submit").click()
    expect(rana.get("import-result")).to_have_text(
        "Which programme is this roster for? Please choose one of yours.", timeout=PATIENCE
    )
    expect(into).to_be_focused()
    into.select_option("Women in science")
    rana.get("import-submit").click()
    expect(rana.get("import-result")).to_have_text(
        "1 person is on the waiting list of Women in science.", timeout=PATIENCE
    )
    rana.acts_as("huda")
    expect(rana.get("import-where")).to_have_text(
        "Everybody goes on the waiting list of Women in science.", timeout=PATIENCE
    )


@pytest.mark.parametrize("width", [1440, 1280, 390])
def test_the_roster_fits_into_its_drawer(two, visit, width):
    rana = visit(two + "#as=rana", width=width)
    if width < 800:
        rana.page.get_by_role("button", name="Rooms and workspace").click()
    rana.get("import-open").click()
    expect(rana.get("import-sample")).to_be_visible(timeout=PATIENCE)
    assert rana.over_the_edge() == []
    assert rana.page.evaluate(
        "[...document.querySelectorAll('#drawer-body')].every(b => b.scrollWidth <= b.clientWidth)"
    )
