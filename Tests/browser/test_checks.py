"""The checks themselves: a page that is wrong in one way must fail the check for it, and a sound one must pass."""

import re

import pytest
from checks import axe, basics, invalid_html, reflows

SOUND = """<!DOCTYPE html><html lang="en"><head><title>{title}</title></head><body><main><h1>Bids</h1>{more}</main></body></html>"""


def shown(page, more="", title="Bids"):
    """Puts a page of our own into the window."""
    page.set_content(SOUND.format(title=title, more=more))
    return page


def test_sound_page(open_page):
    """What is right passes all of them."""
    page = shown(open_page(), "<p>There are no bids.</p>")
    basics(page)
    axe(page)
    reflows(page)


BROKEN = [
    (axe, "image-alt", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width="9" height="9">', "Bids"),
    (axe, "label", '<input name="amount">', "Bids"),
    (axe, "color-contrast", '<p style="color:#ccc;background:#fff">Faint</p>', "Bids"),
    (axe, "empty-table-header", "<table><tr><th>A</th><th></th></tr><tr><td>1</td><td>2</td></tr></table>", "Bids"),
    (reflows, "px wide", '<div style="width:700px">Wide</div>', "Bids"),
    (basics, "first-level headings", "<h1>Twice</h1>", "Bids"),
    (basics, "title", '<div class="govuk-error-summary">Wrong</div>', "Bids"),
    (basics, "title", "", "Error: Bids"),
]


@pytest.mark.parametrize("broken", BROKEN, ids=[f"{each[0].__name__}: {each[1]}" + str(number) for number, each in enumerate(BROKEN)])
def test_broken_page(open_page, broken):
    """What is wrong is found, and named."""
    check, named, more, title = broken
    page = shown(open_page(), more, title)
    with pytest.raises(AssertionError, match=named):
        check(page)


INVALID = [
    ("Duplicate ID", '<p id="a">One</p><p id="a">Two</p>'),
    ("not allowed", "<span><div>A block in a phrase</div></span>"),
    ("Attribute .colour. not allowed", '<p colour="red">Red</p>'),
    ("Unclosed|unclosed|End tag", "<div>"),
    ("must be the ID", '<label for="b">B</label><p id="b">No field</p>'),
]


def test_invalid_html():
    """The HTML checker finds nothing in a sound page, and names what is wrong with each of the others, and where."""
    sources = {"/sound": SOUND.format(title="Bids", more="<p>There are no bids.</p>")}
    sources |= {f"/invalid/{number}": SOUND.format(title="Bids", more=more) for number, (_, more) in enumerate(INVALID)}
    found = invalid_html(sources)
    assert not [each for each in found if each.startswith("/sound ")]
    for number, (named, _) in enumerate(INVALID):
        said = [each for each in found if each.startswith(f"/invalid/{number} ")]
        assert any(re.search(named, each) for each in said), f"{named}: {said}"


def test_twin(open_page):
    """Where scripts are off, a twin that has them on shows the same document to be measured."""
    page = open_page(javascript=False)
    page.goto("/sign-in")
    axe(page)
    assert page.twin.locator("h1").inner_text() == page.locator("h1").inner_text()
