"""The fund's pages: a bid from its start to its receipt, two editors at once, every form's errors, every role's pages."""

import time

import pytest
from checks import axe, basics, every_check, reflows
from playwright.sync_api import expect

LONG = "The reason is given in full, so that whoever reads it later understands what was decided and why."


def unique(title):
    """A title that no earlier run used."""
    return f"{title} {time.time_ns() % 10**10}"


def press(page, text):
    """Presses a button by its words."""
    page.get_by_role("button", name=text, exact=True).first.click()
    page.wait_for_load_state()


def start_bid(page, title):
    """Starts a bid in the round that is open, and returns its address."""
    page.goto("/rounds?show=open")
    page.locator("main table a").first.click()
    page.get_by_role("button", name="Start a bid").click()
    every_check(page)
    page.fill("[id='title']", title)
    press(page, "Start the bid")
    expect(page.locator("h1")).to_have_text(title)
    return page.url.split("?")[0]


def fill(page, answers):
    """Fills a form: text by id, choices by `check`, lists by `select`."""
    for name, value in answers.items():
        field = page.locator(f"[id='{name}']")
        if value is True:
            field.check()
        elif isinstance(value, tuple):
            field.select_option(index=value[0])
        else:
            field.fill(value)


SECTIONS = {
    "summary": {
        "summary.title": None, "summary.summary": "Help for families before things go wrong.", "summary.maturity": True,
        "summary.focusAreas": True},
    "need": {
        "need.problem": "Too many families are referred again within a year.", "need.population": "Families with children under 12.",
        "need.expectedNumber": "240"},
    "theory_of_change": {
        f"theoryOfChange.{part}.0": f"Something about {part}."
        for part in ("inputs", "activities", "outputs", "outcomes", "impact", "assumptions", "externalFactors")},
    "outcomes": {
        "outcomes.outcomes.0.indicatorCode": (1,), "outcomes.outcomes.0.isPrimary": True,
        "outcomes.outcomes.0.baseline": "20", "outcomes.outcomes.0.baselinePeriod": "2025-26",
        "outcomes.outcomes.0.target": "18", "outcomes.outcomes.0.targetPeriod": "2028-29"},
    "costs": {
        "costs.requested": "250,000", "costs.lines.0.category": (1,), "costs.lines.0.year": (1,),
        "costs.lines.0.amount": "250000"},
    "evaluation": {
        "evaluation.question": "Do fewer families come back?", "evaluation.comparator": True,
        "evaluation.comparatorIdea": "Families in the areas that start later.", "evaluation.numberAvailable": "480",
        "evaluation.dataAccess": True, "evaluation.approach": "Compare re-referrals over two years."},
    "delivery": {
        "delivery.partners": "There are no partners.", "delivery.partnersSignedOff": True, "delivery.plan": "Hire, train, begin.",
        "delivery.childrensVoice": "A panel of young people chose the aims.", "delivery.sustainability": "The council takes it over.",
        "delivery.exitCost": "90000"},
    "data_protection": {
        "dataProtection.dpiaStatus": True, "dataProtection.lawfulBasis": True,
        "dataProtection.equalityImpact": "Families with disabled children gain most."},
}


def set_target(page):
    """Puts the target on the better side of the baseline, whatever the indicator that was chosen."""
    chosen = page.locator("[id='outcomes.outcomes.0.indicatorCode'] option:checked").inner_text()
    page.fill("[id='outcomes.outcomes.0.target']", "25" if "higher is better" in chosen else "15")


def fill_sections(page, address, title):
    """Fills all eight sections, each on its page, with the checks that every page must pass."""
    for section, answers in SECTIONS.items():
        page.goto(f"{address}/sections/{section}")
        every_check(page)
        fill(page, {name: title if value is None else value for name, value in answers.items()})
        if section == "outcomes":
            set_target(page)
        press(page, "Save and come back later")
        assert page.url.startswith(address) and "/sections/" not in page.url, page.locator("main").inner_text()[:600]


def test_journey(sign_in, javascript):
    """Start, eight sections, certification by a second person, receipt; with and without JavaScript."""
    editor = sign_in("editor@la840.example", javascript=javascript)
    title = unique("Families first")
    address = start_bid(editor, title)
    every_check(editor)
    fill_sections(editor, address, title)
    every_check(editor)
    expect(editor.get_by_text("8 of 8 sections are complete")).to_be_visible()
    editor.goto(f"{address}/content")
    every_check(editor)
    expect(editor.locator("h1")).to_have_text("Check your answers")
    editor.get_by_role("button", name="Continue to certification").click()
    every_check(editor)
    press(editor, "Send for certification")
    expect(editor.locator(".govuk-tag", has_text="With the certifier").first).to_be_visible()

    certifier = sign_in("certifier@la840.example", javascript=javascript)
    certifier.allowed.append("422")
    certifier.goto(f"{address}/submission")
    every_check(certifier)
    press(certifier, "Certify and submit")
    every_check(certifier)
    expect(certifier.locator(".govuk-error-summary")).to_contain_text("Confirm the declaration")
    certifier.check("[id='declaration']")
    press(certifier, "Certify and submit")
    every_check(certifier)
    expect(certifier.locator(".govuk-panel__title")).to_have_text("Bid submitted")
    assert len(certifier.locator(".app-code").inner_text()) == 64
    certifier.goto(address)
    every_check(certifier)
    certifier.get_by_role("button", name="Reopen the bid").click()
    every_check(certifier)
    press(certifier, "Reopen the bid")
    expect(certifier.locator(".govuk-tag", has_text="Draft").first).to_be_visible()


def test_last_editor_cannot_certify(sign_in):
    """Who edited last is told so, and is offered no button."""
    both = sign_in("editor2@la840.example")
    address = start_bid(both, unique("By one hand"))
    fill_sections(both, address, unique("By one hand"))
    both.goto(f"{address}/certification-request")
    press(both, "Send for certification")
    every_check(both)
    expect(both.get_by_text("somebody else must certify it")).to_be_visible()
    assert both.get_by_role("button", name="Certify and submit").count() == 0
    both.goto(f"{address}/submission")
    assert both.url.split("?")[0] == address


def test_two_editors(sign_in, javascript):
    """The second to save sees both versions, keeps what they typed, and may save it deliberately."""
    first = sign_in("editor@la840.example", javascript=javascript)
    second = sign_in("editor2@la840.example", javascript=javascript)
    section = start_bid(first, unique("Two pens")) + "/sections/need"
    second.allowed += ["409", "412"]
    first.goto(section)
    second.goto(section)
    first.fill("[id='need.problem']", "What the first editor wrote.")
    press(first, "Save and come back later")
    second.fill("[id='need.problem']", "What the second editor wrote.")
    press(second, "Save and continue")
    every_check(second)
    expect(second.locator("h1")).to_have_text("Somebody else saved this section")
    expect(second.locator("main")).to_contain_text("What the first editor wrote.")
    assert second.input_value("[id='need.problem']") == "What the second editor wrote."
    press(second, "Save my version")
    first.goto(section)
    assert first.input_value("[id='need.problem']") == "What the second editor wrote."


def test_draft_saves_itself(sign_in):
    """What is typed is there after the tab is gone, without any button."""
    page = sign_in("editor@la840.example")
    section = start_bid(page, unique("Saved by itself")) + "/sections/need"
    page.goto(section)
    page.fill("[id='need.problem']", "Typed, and never saved by hand.")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Saved", timeout=10_000)
    page.goto("about:blank")
    page.goto(section)
    assert page.input_value("[id='need.problem']") == "Typed, and never saved by hand."


def test_rows(sign_in, javascript):
    """Rows are added and removed, and what was typed in the others stays."""
    page = sign_in("editor@la840.example", javascript=javascript)
    page.goto(start_bid(page, unique("Rows")) + "/sections/costs")
    page.fill("[id='costs.lines.0.amount']", "100")
    page.get_by_role("button", name="Add another cost line").click()
    every_check(page)
    assert page.input_value("[id='costs.lines.0.amount']") == "100"
    page.fill("[id='costs.lines.1.amount']", "250")
    page.get_by_role("button", name="Remove Cost line 1").click()
    every_check(page)
    assert "250" in [each.input_value() for each in page.locator("input[id^='costs.lines'][id$='.amount']").all()]


def test_error_keeps_input(sign_in, javascript):
    """An amount that cannot be read is named, linked to its field, and still there."""
    page = sign_in("editor@la840.example", javascript=javascript)
    page.allowed.append("422")
    page.goto(start_bid(page, unique("Mistyped")) + "/sections/costs")
    page.fill("[id='costs.requested']", "about 12k")
    press(page, "Save and continue")
    every_check(page)
    link = page.locator(".govuk-error-summary a").first
    assert link.get_attribute("href") == "#costs.requested"
    assert page.input_value("[id='costs.requested']") == "about 12k"
    link.click()
    if javascript:
        expect(page.locator("[id='costs.requested']")).to_be_focused()


def broken_links(page):
    """Links of the error summary that lead to nothing on the page."""
    return page.eval_on_selector_all(
        ".govuk-error-summary a", "all => all.map(a => a.hash.slice(1)).filter(id => !document.getElementById(decodeURIComponent(id)))")


# Who, the page to begin on, links to follow by their words, and the button that sends an empty or bad form.
BAD_FORMS = [
    ("editor@la850.example", "/rounds?show=open", ["table", "Start a bid"], "Start the bid"),
    ("officer@department.example", "/programmes", ["Start a programme"], "Save and continue"),
    ("officer@department.example", "/programmes", ["running", "Start a round"], "Save and continue"),
    ("certifier@la383.example", "/bids?state=submitted", ["table", "Withdraw the bid"], "Withdraw the bid"),
    ("officer2@department.example", "/bids?state=eligibility_check", ["table", "Find not eligible"], "Find not eligible"),
    ("officer@department.example", "/bids?state=submitted", ["table", "Assign an appraiser"], "Assign"),
    ("officer@department.example", "/bids?state=appraised", ["prepare", "Prepare an approval"], "Send to finance"),
    ("approver@department.example", "/approvals", ["cleared", "Send back to the preparer"], "Send back"),
    ("approver@department.example", "/approvals", ["cleared", "Reject"], "Reject this award"),
    ("senior@department.example", "/rounds?show=open", ["table", "Extend the closing time"], "Extend"),
]


def follow(page, step):
    """Follows one step of `BAD_FORMS`; false when the demonstration has nothing there."""
    if step == "table":
        links = page.locator("main table a")
    elif step == "cleared":
        links = page.locator("main tr", has_text="Waiting for approval").locator("a")
    elif step == "running":
        links = page.locator("main tr", has_text="Open").locator("a")
    elif step == "prepare":
        for address in [each.get_attribute("href") for each in page.locator("main table a").all()]:
            page.goto(address)
            if page.get_by_role("button", name="Prepare an approval").count():
                return True
        return False
    else:
        links = page.get_by_role("button", name=step, exact=True)
    if not links.count():
        return False
    links.first.click()
    page.wait_for_load_state()
    return True


@pytest.mark.parametrize("form", BAD_FORMS, ids=[f"{each[3]} ({each[0].split('@')[0]})" for each in BAD_FORMS])
def test_errors(sign_in, form):
    """A form sent empty says what is wrong, field by field, and stays accessible."""
    who, begin, steps, button = form
    page = sign_in(who)
    page.allowed += ["422", "409"]
    page.goto(begin)
    for step in steps:
        if not follow(page, step):
            pytest.fail(f"the demonstration has nothing for “{step}” at {page.url}")
    every_check(page)
    if page.locator("[id='amount']").count():
        page.fill("[id='amount']", "")
    press(page, button)
    every_check(page)
    assert page.locator(".govuk-error-summary li").count() >= 1
    assert not broken_links(page)


PEOPLE = [
    "officer@department.example", "appraiser1@department.example", "finance@department.example",
    "approver.low@department.example", "approver@department.example", "senior@department.example",
    "reviewer@centre.example", "auditor@audit.example", "administrator@department.example", "editor@la840.example",
    "certifier@la840.example", "reader@la840.example",
]
LISTS = ["/programmes", "/rounds", "/rounds?show=open", "/bids", "/appraisals", "/approvals"]
MOST_OF_A_LIST = 8


def objects(page, address):
    """The first things of a list, one of each state."""
    answer = page.goto(address)
    if answer.status != 200:
        return []
    seen, found = set(), []
    for row in page.locator("main tbody tr").all():
        tag = row.locator(".govuk-tag")
        state = tag.first.inner_text() if tag.count() else ""
        if state not in seen and row.locator("a").count():
            seen.add(state)
            found.append(row.locator("a").first.get_attribute("href"))
    return found[:MOST_OF_A_LIST]


@pytest.mark.parametrize("who", PEOPLE)
def test_pages_of(sign_in, who):
    """Home, every list, one thing in each state, and every page that its buttons lead to."""
    page = sign_in(who)
    page.allowed += ["403", "404", "409"]
    every_check(page)
    walked = set()
    for address in [each for begin in LISTS for each in objects(page, begin)]:
        if address in walked:
            continue
        walked.add(address)
        assert page.goto(address).status == 200, address
        every_check(page)
        buttons = page.eval_on_selector_all("main a[role=button]", "all => all.map(a => a.getAttribute('href'))")
        for href in buttons + [f"{address}/content", f"{address}/scores", f"{address}/receipt"]:
            if href.rsplit("/", 1)[1] in ("content", "scores", "receipt") and not address.startswith("/bids/"):
                continue
            answer = page.goto(href)
            assert answer.status in (200, 403, 404, 409), f"{answer.status} for {href}"
            every_check(page)
    print(f"{who}: {len(walked)} things")


def test_sealed(sign_in):
    """Before a round closes the department has no way to a bid in it."""
    page = sign_in("officer@department.example")
    page.goto("/rounds?show=open")
    page.locator("main table a").first.click()
    assert page.locator("main a[href^='/bids/']").count() == 0


def test_approval_without_javascript(sign_in):
    """The approver's page carries the case and the hash of what is approved, without JavaScript too."""
    page = sign_in("approver@department.example", javascript=False)
    page.goto("/approvals")
    if not follow(page, "cleared"):
        pytest.fail("the demonstration has no case that waits for an approver")
    basics(page)
    axe(page)
    reflows(page)
    for heading in ("Money", "Screening and consent", "Scores"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    hidden = page.locator("input[name=contentHash]")
    if hidden.count():
        assert len(hidden.first.input_value()) == 64
