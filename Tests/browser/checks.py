"""What must be true of every page: accessible, readable at 320 px, valid, honest about its title."""

import json
import os
import pathlib
import re
import subprocess
import tempfile

STATE = pathlib.Path(__file__).resolve().parents[2] / ".touchstone"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def measurable(page):
    """The page to measure. Where scripts are off, axe's promises never settle: then the same document, its scripts
    taken out, is shown at the same address by a twin that has them on."""
    page.wait_for_load_state()
    if page.twin is None:
        return page
    html = re.sub(r"<script\b.*?</script>|<script\b[^>]*/>", "", page.content(), flags=re.DOTALL | re.IGNORECASE)
    page.twin.unroute_all()
    page.twin.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.twin.goto(page.url)
    return page.twin


def axe(page):
    """Fails on any violation that axe-core finds, and names the rule and the element."""
    page = measurable(page)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate((STATE / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(result => result.violations)", RULES)
    said = [
        f"{each['id']} ({each['impact']}): {each['help']}\n    "
        + "\n    ".join(f"{node['target']}: {node['html'][:200]}" for node in each["nodes"][:5])
        for each in found
    ]
    assert not said, f"axe on {page.url}:\n  " + "\n  ".join(said)


def reflows(page, width=320):
    """Fails if the page scrolls sideways at 320 CSS pixels (also what 400 % zoom of a 1280-pixel window gives)."""
    page = measurable(page)
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 800})
    try:
        wide = page.evaluate(
            """width => document.documentElement.scrollWidth <= width ? [] :
                [...document.querySelectorAll('body *')]
                    .filter(e => e.getBoundingClientRect().right > width + 1)
                    .filter(e => !e.closest('[tabindex="0"][role="region"], .app-scroll'))
                    .slice(0, 5).map(e => e.outerHTML.slice(0, 160))""", width)
        scroll = page.evaluate("() => document.documentElement.scrollWidth")
        assert scroll <= width, f"{page.url} is {scroll} px wide in a window of {width} px: {wide}"
    finally:
        page.set_viewport_size(before)


def basics(page):
    """A language, a title that begins with the heading's own subject, one first-level heading, a main landmark."""
    page.wait_for_load_state()
    facts = page.evaluate(
        """() => ({lang: document.documentElement.lang, title: document.title,
                   headings: [...document.querySelectorAll('h1')].map(e => e.textContent.trim()),
                   mains: document.querySelectorAll('main').length,
                   errors: document.querySelectorAll('.govuk-error-summary').length})""")
    assert facts["lang"].startswith("en"), f"{page.url}: lang is {facts['lang']!r}"
    assert facts["title"], f"{page.url} has no title"
    assert len(facts["headings"]) == 1 and facts["headings"][0], f"{page.url}: first-level headings {facts['headings']}"
    assert facts["mains"] == 1, f"{page.url} has {facts['mains']} main landmarks"
    assert facts["title"].startswith("Error: ") == bool(facts["errors"]), f"{page.url}: title {facts['title']!r}"


def invalid_html(sources):
    """What the Nu HTML checker finds wrong with pages as they were sent, by address. One run for all: Java is slow to begin."""
    jar = STATE / "vnu.jar"
    assert jar.exists(), "the HTML checker is missing: deploy/test fetches it, and needs Java"
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for number, (address, html) in enumerate(sources.items()):
            file = pathlib.Path(folder) / f"{number}.html"
            file.write_text(html, encoding="utf-8")
            files[file.name] = address
        run = subprocess.run(
            ["java", "-jar", str(jar), "--errors-only", "--format", "json", "--stdout", folder],
            capture_output=True, text=True, check=False)
    messages = json.loads(run.stdout)["messages"]
    return [f"{files[each['url'].rsplit('/', 1)[1]]} is not valid HTML: {each['message']} {each.get('extract', '')!r}" for each in messages]


def every_check(page):
    """All of the above that look at one page; the HTML checker looks at many at once."""
    wrong = []
    for check, where in ((basics, page), (axe, subject := measurable(page)), (reflows, subject)):
        try:
            check(where)
        except AssertionError as error:
            wrong.append(str(error))
    assert not wrong, "\n".join(wrong)


def pattern(path):
    """A path with its identifiers left out, so that one page of each kind is walked."""
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "{id}", path)
    return re.sub(r"[A-Z]{2,4}-\d{4}-\d+", "{reference}", path)


def base_url():
    """Where the server is. Only this machine is ever a target."""
    url = os.environ.get("TOUCHSTONE_URL", "").rstrip("/")
    if not re.match(r"http://(127\.0\.0\.1|localhost):\d+$", url):
        raise RuntimeError("TOUCHSTONE_URL must name a server on this machine: run deploy/test --only browser")
    return url
