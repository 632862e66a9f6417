"""Walks every kind of page that a link reaches, as nobody and as each demonstration role, and checks each."""

import urllib.parse

import pytest
from checks import base_url, every_check, invalid_html, pattern

# The first of each role, and the people of a role whose home page is another.
ROLES = ["department", "local_authority", "what_works", "auditor", "administrator"]
OTHERS = [
    "appraiser1@department.example", "finance@department.example", "approver@department.example",
    "senior@department.example", "certifier@la840.example", "users@la840.example"]
MOST = 60  # pages in one walk


def links(page):
    """The addresses on this page that lead to other pages of ours."""
    found = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.href)")
    for address in found:
        parts = urllib.parse.urlsplit(address)
        if address.startswith(base_url()) and not parts.path.endswith((".csv", ".json", ".pdf", ".xlsx", ".txt", ".css", ".js")):
            yield parts.path, parts.path + (f"?{parts.query}" if parts.query else "")


def walk(page, start="/"):
    """Breadth first, one page of each kind. Returns the kinds and what was wrong with them."""
    waiting, seen, wrong = [start], {pattern(start)}, []
    walked, sources = [], {}
    while waiting and len(walked) < MOST:
        address = waiting.pop(0)
        answer = page.goto(address)
        walked.append(pattern(urllib.parse.urlsplit(address).path))
        kind = answer.headers.get("content-type", "") if answer else ""
        if not kind.startswith("text/html"):
            continue
        try:
            assert answer.status == 200, f"{address} answered {answer.status}, and a page links to it"
            sources[address] = answer.text()
            every_check(page)
        except AssertionError as error:
            wrong.append(str(error))
        for path, target in links(page):
            if pattern(path) not in seen:
                seen.add(pattern(path))
                waiting.append(target)
    return walked, wrong + invalid_html(sources)


def test_nobody(page):
    """What the public can reach by links."""
    walked, wrong = walk(page)
    assert not wrong, "\n\n".join(wrong)
    assert walked


@pytest.mark.parametrize("role", ROLES)
def test_role(sign_in, role, javascript):
    """What each role can reach by links."""
    walked, wrong = walk(sign_in(role, javascript=javascript))
    print(f"{role}: {len(walked)} kinds of page: {' '.join(walked)}")
    assert not wrong, "\n\n".join(wrong)
    assert len(walked) > 1, f"{role} sees nothing but {walked}"


@pytest.mark.parametrize("who", OTHERS)
def test_person(sign_in, who):
    """What each other kind of person can reach by links, their tasks first."""
    walked, wrong = walk(sign_in(who))
    print(f"{who}: {len(walked)} kinds of page: {' '.join(walked)}")
    assert not wrong, "\n\n".join(wrong)


def test_unknown_page(page):
    """The page for what is not there is a page of ours."""
    page.allowed.append("404")
    answer = page.goto("/no-such-page")
    assert answer.status == 404
    every_check(page)
