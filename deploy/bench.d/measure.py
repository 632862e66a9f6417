"""Measures W1 to W3 in turns, through HTTP and through pgbench. Started by deploy/bench, which sets its environment."""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time
import urllib.request

import capture

PG = "/usr/lib/postgresql/15/bin"
STATE = pathlib.Path(os.environ["STATE"])
FOLDER = STATE / "bench"
HERE = pathlib.Path(__file__).parent
TICK = os.sysconf("SC_CLK_TCK")
NAMES = {"W1": "one bid's detail", "W2": "newest 20 of an authority", "W3": "a section saved"}
GOALS = {"W1": (0.60, 75), "W2": (0.65, 140), "W3": (0.78, 105)}
PGBENCH_CLIENTS = {"W1": 16, "W2": 8, "W3": 16}


def psql(statement):
    """One column of texts, as the superuser."""
    run = subprocess.run(
        [f"{PG}/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", os.environ["CLUSTER_SOCKET"], "-p", "5432",
         "-U", "postgres", "-d", "touchstone"], input=statement, check=True, capture_output=True, text=True,
        env={**os.environ, "PGPASSWORD": os.environ["TOUCHSTONE_PASSWORD_SUPERUSER"]})
    return run.stdout.split()


def ticks(pid, family=False):
    """CPU seconds of a process, or of PostgreSQL's whole family, dead children included."""
    total = 0
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            with open(f"/proc/{entry.name}/stat", encoding="latin-1") as stat:
                field = stat.read().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(entry.name) == pid:
            total += sum(map(int, field[11:15] if family else field[11:13]))
        elif family and int(field[1]) == pid:
            total += sum(map(int, field[11:13]))
    return total / TICK


def send(method, path, token, body=None):
    """One request, so that its statements are in the log."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{os.environ['TOUCHSTONE_PORT']}{path}", method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json", "If-Match": '"1"'})
    with urllib.request.urlopen(request, timeout=15) as answer:
        return json.loads(answer.read())


def logged(action):
    """What PostgreSQL wrote about the application's statements while something ran."""
    psql("alter role touchstone_app set log_statement = 'all'")
    psql("alter system set log_statement = 'all'; select pg_reload_conf()")
    time.sleep(0.5)
    log = pathlib.Path(os.environ["CLUSTER_LOG"])
    before = log.stat().st_size
    action()
    time.sleep(0.3)
    with open(log, encoding="utf-8") as file:
        file.seek(before)
        text = file.read()
    psql("alter role touchstone_app reset log_statement")
    psql("alter system reset log_statement; select pg_reload_conf()")
    return capture.statements("\n".join(line for line in text.splitlines()))


def milliseconds(text):
    """wrk's `812.00us`, `9.31ms` or `1.02s`."""
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def http_round(name, work, seconds, server, postmaster):
    """One measurement by wrk: requests a second, CPU microseconds of server and database a request, p99."""
    environment = {**os.environ, **work["lua"]}
    if name == "W3":
        draft()
    app, database = ticks(server), ticks(postmaster, family=True)
    run = subprocess.run(
        ["wrk", "-t1", "-c32", f"-d{seconds}s", "--latency", "-s", str(HERE / "request.lua"),
         f"http://127.0.0.1:{os.environ['TOUCHSTONE_PORT']}"], env=environment, check=True, capture_output=True, text=True)
    app, database = ticks(server) - app, ticks(postmaster, family=True) - database
    if "Non-2xx" in run.stdout or "Socket errors" in run.stdout:
        sys.exit(f"bench: {name} had failures:\n{run.stdout}")
    count = int(re.search(r"(\d+) requests in", run.stdout)[1])
    return {
        "http": float(re.search(r"Requests/sec:\s+([\d.]+)", run.stdout)[1]),
        "server": app / count * 1e6, "database": database / count * 1e6,
        "p99": milliseconds(re.search(r"99%\s+(\S+)", run.stdout)[1]),
    }


def pgbench_round(name, work, seconds, postmaster):
    """The same statements by pgbench as the same role: transactions a second and CPU microseconds a transaction."""
    database = ticks(postmaster, family=True)
    run = subprocess.run(
        [f"{PG}/pgbench", "-n", "-M", "prepared", "-c", str(PGBENCH_CLIENTS[name]), "-j", "2", "-T", str(seconds),
         "-f", work["script"], "-h", os.environ["CLUSTER_SOCKET"], "-p", "5432",
         "-U", "touchstone_app", "touchstone"],
        env={**os.environ, "PGPASSWORD": os.environ["TOUCHSTONE_PASSWORD_APP"],
             # As the product's read lane is set; here the constants would otherwise be planned for, and for free.
             "PGOPTIONS": "-c plan_cache_mode=force_generic_plan"}, check=False, capture_output=True, text=True)
    database = ticks(postmaster, family=True) - database
    tps = re.search(r"tps = ([\d.]+)", run.stdout)
    count = re.search(r"transactions actually processed: (\d+)", run.stdout)
    if run.returncode or not tps or not int(count[1]):
        sys.exit(f"bench: pgbench failed on {name}:\n{run.stderr[-2000:]}{run.stdout[-500:]}")
    return {"pgbench": float(tps[1]), "limit_database": database / int(count[1]) * 1e6}


NEED = {"problem": "Families wait eleven weeks for help. " * 20, "population": "Children aged 0 to 5", "expectedNumber": 120}
MINE = """
    create temporary view holder as
        select p.id, p.organisation_id from public.person p join auth.session t on t.person_id = p.id
        where p.role = 'local_authority' and t.kind = 'api' order by t.created_at desc limit 1;
    create temporary view mine as
        select b.id, b.content_version, h.id as person_id from public.bid b join holder h using (organisation_id)
        where b.reference like 'BID-2000-%' order by b.id limit 4000;
"""


def draft():
    """Each bid of the caller has one section at version 1, written by the caller: what a draft in work looks like."""
    psql(f"""
        begin;
        set local session_replication_role = replica;
        {MINE}
        insert into public.bid_section (bid_id, section, content, edited_by)
            select id, 'need', '{json.dumps(NEED)}', person_id from mine
            on conflict (bid_id, section) do update set version = 1;
        insert into workflow.duty_performed (id, case_id, person_id, duty, object_version)
            select gen_random_uuid(), id, person_id, 'W', content_version + 1 from mine on conflict do nothing;
        commit;
        vacuum analyze public.bid_section; vacuum analyze public.bid; vacuum analyze workflow.duty_performed;
    """)


def prepare(token):
    """The three workloads: what wrk sends, and what pgbench runs."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    mine = psql(f"{MINE} select id from mine")
    (FOLDER / "ids").write_text("\n".join(mine) + "\n", encoding="ascii")
    draft()
    base = {"BENCH_TOKEN": token, "BENCH_IDS": str(FOLDER / "ids"), "BENCH_BODY": json.dumps(NEED)}
    first, step = int(mine[0][-12:], 16), int(mine[1][-12:], 16) - int(mine[0][-12:], 16)
    counted = f"('01900000-0000-7000-8000-' || lpad(to_hex(:n::bigint * {step} + {first}), 12, '0'))::uuid"
    bids, listing = "/api/v1/bids", "/api/v1/bids?state=draft&size=20"
    asks = {
        "W1": lambda n: send("GET", f"{bids}/{mine[n]}", token),
        "W2": lambda n: send("GET", listing, token),
        "W3": lambda n: send("PUT", f"{bids}/{mine[n]}/sections/need", token, NEED),
    }
    lua = {
        "W1": {**base, "BENCH_KIND": "detail", "BENCH_PATH": bids},
        "W2": {**base, "BENCH_KIND": "list", "BENCH_PATH": listing},
        "W3": {**base, "BENCH_KIND": "save", "BENCH_PATH": bids},
    }
    work = {}
    for name, ask in asks.items():
        ask(0)  # statements are prepared and caches warm before anything is captured
        one, two = logged(lambda ask=ask: ask(1)), logged(lambda ask=ask: ask(2))
        path = FOLDER / f"{name.lower()}.sql"
        path.write_text(capture.script(one, two, len(mine), {mine[1]: counted}), encoding="utf-8")
        work[name] = {"lua": lua[name], "script": str(path), "statements": len(one)}
    return work


def main():
    """Five rounds of everything in turns, and a table of medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server-pid", type=int, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    options = parser.parse_args()
    token = json.loads((STATE / "tokens.json").read_text(encoding="utf-8"))["local_authority"]
    with open(f"{os.environ['CLUSTER']}/postmaster.pid", encoding="ascii") as file:
        postmaster = int(file.readline())
    work = prepare(token)
    rows = {name: [] for name in work}
    for number in range(1, options.rounds + 1):
        for name in work:
            row = http_round(name, work[name], options.seconds, options.server_pid, postmaster)
            row |= pgbench_round(name, work[name], options.seconds, postmaster)
            row["ratio"] = row["http"] / row["pgbench"]
            rows[name].append(row)
            print(f"    round {number} {name}: {row['http']:8.0f} req/s, pgbench {row['pgbench']:8.0f}, ratio {row['ratio']:.2f}",
                  flush=True)
    print(f"\n{'':28}{'req/s':>8}{'pgbench':>9}{'ratio':>7}{'goal':>6}{'server µs':>11}{'goal':>6}{'db µs':>8}{'pgbench db µs':>15}{'p99 ms':>8}")
    report = {}
    for name, found in rows.items():
        middle = {key: statistics.median(row[key] for row in found) for key in found[0]}
        report[name] = middle
        print(f"{name} {NAMES[name]:<25}{middle['http']:>8.0f}{middle['pgbench']:>9.0f}{middle['ratio']:>7.2f}{GOALS[name][0]:>6}"
              f"{middle['server']:>11.0f}{GOALS[name][1]:>6}{middle['database']:>8.0f}{middle['limit_database']:>15.0f}{middle['p99']:>8.0f}")
    with open(f"/proc/{options.server_pid}/status", encoding="ascii") as status:
        memory = int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) // 1024
    connections = psql("select count(*) from pg_stat_activity where usename like 'touchstone%'")[0]
    print(f"server memory {memory} MB (goal 60), database connections {connections} (goal 24)")
    report |= {"memory_mb": memory, "connections": int(connections)}
    (STATE / "reports" / "bench.json").write_text(json.dumps(report, indent=2), encoding="utf-8")


main()
