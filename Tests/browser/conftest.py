"""A real Chromium against the running demonstration server. deploy/test starts both; see deploy/README.md."""

import json
import os
import subprocess

import pytest
import totp
from checks import base_url
from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("TOUCHSTONE_CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium. It has no sandbox where we are root, as in CI."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def sign_ins():
    """The demonstration people: email, passphrase, totp_secret or None, role, name."""
    command = [os.environ["TOUCHSTONE_CLI"], "demo", "sign-ins", "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


@pytest.fixture
def open_page(browser):
    """Opens pages: open_page(javascript=True, state=None, width=1280).

    When the test ends, any error in a page's console, uncaught exception, refused style or script, or answer of 500
    and above fails it. `page.allowed` is a list of texts that the test expects there.
    """
    contexts, complaints = [], []

    def tab(javascript, state, width):
        context = browser.new_context(
            base_url=base_url(), java_script_enabled=javascript, storage_state=state,
            viewport={"width": width, "height": 900}, locale="en-GB", timezone_id="Europe/London")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.allowed, page.twin = [], None
        return page

    def opened(javascript=True, state=None, width=1280):
        page = tab(javascript, state, width)
        page.twin = None if javascript else tab(True, None, width)

        def complain(text):
            if not any(each in text for each in page.allowed):
                complaints.append(f"{page.url}: {text}")

        page.on("console", lambda message: message.type == "error" and complain(message.text))
        page.on("pageerror", lambda error: complain(f"uncaught {error}"))
        page.on("response", lambda answer: answer.status >= 500 and complain(f"{answer.status} for {answer.url}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request):
    """Runs a test twice: every page works without JavaScript first."""
    return request.param


@pytest.fixture
def page(open_page, javascript):
    """A page of nobody, with and without JavaScript."""
    return open_page(javascript=javascript)


@pytest.fixture(scope="session")
def session_states():
    """Signed-in cookies by person, so that each signs in once: codes are for one use and sign-ins are limited."""
    return {}


def find_person(sign_ins, who):
    """The demonstration person with this email, or the first with this role."""
    for key in ("email", "role"):
        for each in sign_ins:
            if each[key] == who:
                return each
    raise LookupError(f"no demonstration sign-in for {who!r}")


def sign_in_by_form(page, person):
    """Fills the sign-in form as a person would."""
    page.goto("/sign-in")
    page.locator("input[name=email]").fill(person["email"])
    page.locator("input[type=password]").fill(person["passphrase"])
    page.locator("main form button[type=submit]").last.click()
    if page.locator("input[autocomplete=one-time-code]").count():
        page.locator("input[autocomplete=one-time-code]").fill(totp.fresh(person["totp_secret"]))
        page.locator("main form button[type=submit]").last.click()
    assert "/sign-in" not in page.url, f"{person['email']} was not signed in: {page.locator('main').inner_text()[:300]}"


@pytest.fixture
def sign_in(open_page, sign_ins, session_states):
    """sign_in(email or role, javascript=True): a page on which that person is signed in."""

    def signed_in(who, javascript=True, width=1280):
        person = find_person(sign_ins, who)
        if person["email"] not in session_states:
            page = open_page()
            sign_in_by_form(page, person)
            session_states[person["email"]] = page.context.storage_state()
        page = open_page(javascript=javascript, state=session_states[person["email"]], width=width)
        page.goto("/")
        return page

    return signed_in
