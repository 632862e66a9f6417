"""The platform's own pages in the states that a walk by links does not reach: refusals, errors, empty forms."""

import pytest
from checks import every_check


def test_wrong_passphrase(page):
    """A sign-in that fails says so once, without saying which half was wrong, and keeps the address."""
    page.allowed += ["401", "422"]
    page.goto("/sign-in")
    page.fill("input[name=email]", "nobody.of.that.name@department.example")
    page.fill("input[type=password]", "not the passphrase of anybody")
    page.locator("main form button[type=submit]").last.click()
    every_check(page)
    assert page.locator(".govuk-error-summary").count() == 1
    assert page.input_value("input[name=email]") == "nobody.of.that.name@department.example"
    assert page.input_value("input[name=passphrase]") == ""


def test_empty_sign_in(page):
    """Nothing filled in: both fields are named."""
    page.allowed += ["401", "422"]
    page.goto("/sign-in")
    page.locator("main form button[type=submit]").last.click()
    every_check(page)
    assert page.locator(".govuk-error-summary li").count() >= 1


def test_sign_in_first(page):
    """A page for people who are signed in leads to the sign-in, and is no error page."""
    page.goto("/bids")
    assert "/sign-in" in page.url
    every_check(page)


def test_dead_invitation(page):
    """A link that was used, ran out or never was."""
    page.allowed.append("404")
    page.goto("/invitations/" + "a" * 43)
    every_check(page)


REFUSED = [
    ("editor@la840.example", "/people", (403, 404)),
    ("officer@department.example", "/bids/01a20d56-0000-7000-8000-000000000000", (404,)),
    ("editor@la840.example", "/approvals", (403, 404)),
    ("administrator@department.example", "/bids", (403, 404)),
]


@pytest.mark.parametrize("who, address, statuses", REFUSED, ids=[f"{each[0].split('@')[0]} {each[1][:12]}" for each in REFUSED])
def test_refused_page(sign_in, who, address, statuses):
    """A page that somebody may not see says so as a page."""
    page = sign_in(who)
    page.allowed += ["403", "404"]
    assert page.goto(address).status in statuses
    every_check(page)


@pytest.mark.parametrize("code", ["r11", "r12", "r59"])
def test_report_with_bad_day(sign_in, code, javascript):
    """A day that is none is named at the field and at the head of the page, and is still there."""
    page = sign_in("auditor@audit.example", javascript=javascript)
    page.allowed.append("422")
    page.goto(f"/reports/{code}")
    every_check(page)
    page.fill("[id='asAt']", "the day before yesterday")
    page.get_by_role("button", name="Show").click()
    every_check(page)
    assert page.locator(".govuk-error-summary a").first.get_attribute("href") == "#asAt"
    assert page.locator("#asAt-error").count() == 1
    assert page.input_value("[id='asAt']") == "the day before yesterday"


def test_report_as_at_a_day(sign_in):
    """A day that is one gives the figures of its end, and the same as a file."""
    page = sign_in("auditor@audit.example")
    page.goto("/reports/r12?asAt=2026-03-31")
    every_check(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download as CSV").click()
    assert waiting.value.suggested_filename == "report-r12.csv"


EMPTY_FORMS = ["/account/passphrase"]


@pytest.mark.parametrize("address", EMPTY_FORMS)
def test_empty_account_form(sign_in, address, javascript):
    """A form of one's own account, sent empty."""
    page = sign_in("reader@la840.example", javascript=javascript)
    page.allowed += ["422", "403", "401", "429"]
    page.goto(address)
    every_check(page)
    page.locator("main form button[type=submit]").last.click()
    every_check(page)
    assert page.locator(".govuk-error-summary li").count() >= 1
