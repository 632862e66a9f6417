"""The SQL that PostgreSQL really received for one request, as a pgbench script.

Two requests of a kind are logged. What is the same in both stays a constant; what differs (identifiers, keys, hashes) is
made anew by pgbench for each transaction, and the same value is the same variable in every statement.
"""

import re

UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
PARAMETER = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")


def statements(log):
    """(SQL, parameters) of each statement of the application's role in a piece of PostgreSQL's log, in order."""
    found = []
    for entry in re.split(r"(?m)^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \S+ \[\d+\] )", log):
        head = re.match(r"\S+ \S+ \S+ \[\d+\] touchstone_app@\S+ (LOG|DETAIL|ERROR|FATAL):\s+(.*)", entry, re.DOTALL)
        if not head:
            continue
        text = head[2].rstrip("\n").replace("\n\t", "\n")
        if head[1] == "LOG":
            run = re.match(r"(?:execute [^:]+|statement): (.*)", text, re.DOTALL)
            if run:
                found.append([run[1].strip().rstrip(";"), {}])
        elif head[1] == "DETAIL" and found and text.lower().startswith("parameters:"):
            found[-1][1] = {
                int(number): None if value == "NULL" else value[1:-1].replace("''", "'")
                for number, value in PARAMETER.findall(text)
            }
    return found


def is_write(sql):
    """Whether a statement begins the second flight of a write."""
    return re.match(r"(insert|update|delete|with .*\b(insert|update) )", sql, re.IGNORECASE | re.DOTALL) is not None


def quiet(sql):
    """The statement with no colon in its texts that pgbench would take for a variable."""
    return re.sub(r"'((?:[^']|'')*)'", lambda m: m[0] if ":" not in m[1] else "E'" + m[1].replace("\\", "\\\\")
                  .replace(":", "\\x3a") + "'", sql)


def literal(value):
    """A constant in SQL."""
    if value is None:
        return "null"
    text = value.replace("\\", "\\\\").replace("'", "\\'").replace(":", "\\x3a")
    return f"E'{text}'"


def made(value, variable):
    """An expression that makes a new value of the same kind from pgbench's random number."""
    if UUID.match(value):
        return f"('018' || lpad(to_hex(:{variable}::bigint), 29, '0'))::uuid"
    if re.match(r"^\\x([0-9a-f]{2})*$", value):
        return f"decode(lpad(to_hex(:{variable}::bigint), {len(value) - 2}, '0'), 'hex')"
    if re.match(r"^\d{4}-\d\d-\d\d[ T]", value) or re.match(r"^-?\d+(\.\d+)?$", value):
        return literal(value)
    return f"('v' || :{variable}::bigint)"


def script(first, second, bids, known):
    """A pgbench script from two captures of the same request. `known` maps values of the first to expressions; they may
    use `n`, the number of one of the bids."""
    if [sql for sql, _ in first] != [sql for sql, _ in second]:
        raise SystemExit("bench: two requests of the same kind sent different statements")
    settings, expressions = [], {}
    for (_, ours), (_, theirs) in zip(first, second):
        for number, value in ours.items():
            if value is not None and value not in known and value not in expressions and value != theirs.get(number):
                variable = f"v{len(settings)}"
                settings.append(f"\\set {variable} random(1, 9000000000000000000)")
                expressions[value] = made(value, variable)
    lines = [f"\\set n random(0, {bids - 1})", *settings, "\\startpipeline"]
    split = False
    for sql, parameters in first:
        if is_write(sql) and not split:
            lines += ["\\endpipeline", "\\startpipeline"]
            split = True

        def value(match):
            held = parameters.get(int(match[1]))
            return known.get(held) or expressions.get(held) or literal(held)

        lines.append(re.sub(r"\$(\d+)", value, quiet(sql)) + ";")
    return "\n".join([*lines, "\\endpipeline", ""])
