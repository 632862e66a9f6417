"""Takes GOV.UK Frontend's stylesheet and script out of a wheel and leaves behind what only GOV.UK itself may show.

usage: assets.py WHEEL FOLDER

The code is MIT and may be used by anybody. The typeface, the crown and the crest may not be used outside
service.gov.uk, so they are not copied and nothing refers to them.
"""

import hashlib
import pathlib
import re
import sys
import zipfile

SOURCE = "fast_gov_uk/assets/govuk-frontend-5.11.1.min"
REVIEWED = {
    ".css": "85bc0987f4c2b952b040209b0f6108d762c62eed9feba92cb425faba814efbd4",
    ".js": "7ff900e7b113b66b272a01f5fe9659284461d9592cef8f618e06bbce4edadb7c",
}
TYPEFACE = '"Helvetica Neue",Helvetica,Arial,sans-serif'
LICENCE = """\
govuk-frontend.css and govuk-frontend.js are GOV.UK Frontend 5.11.1, changed: the typeface rules were taken out, the
font family replaced and the address of the crest removed. The original is under this licence.

The MIT License (MIT)

Copyright (C) Crown copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def neutral(css: str) -> str:
    """The stylesheet without GOV.UK's own typeface, crest and source map."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = re.sub(r'"?GDS Transport"?,\s*arial,\s*sans-serif', TYPEFACE, css, flags=re.IGNORECASE)
    css = re.sub(r"url\([^)]*govuk-crest[^)]*\)", "none", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    for forbidden in ("Transport", "@font-face", "url("):
        if forbidden in css:
            sys.exit(f"assets.py: {forbidden!r} is still in the stylesheet")
    return css


def main() -> None:
    """Checks both files against the reviewed ones, changes the stylesheet and writes all three files."""
    wheel, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    texts = {}
    with zipfile.ZipFile(wheel) as archive:
        for suffix, reviewed in REVIEWED.items():
            data = archive.read(SOURCE + suffix)
            if hashlib.sha256(data).hexdigest() != reviewed:
                sys.exit(f"assets.py: {SOURCE + suffix} is not the file that was reviewed")
            texts[suffix] = data.decode("utf-8")
    script = re.sub(r"//# sourceMappingURL=.*", "", texts[".js"])
    (folder / "govuk-frontend.css").write_text(neutral(texts[".css"]), encoding="utf-8")
    (folder / "govuk-frontend.js").write_text(script, encoding="utf-8")
    (folder / "LICENCE-govuk-frontend.txt").write_text(LICENCE, encoding="utf-8")


main()
