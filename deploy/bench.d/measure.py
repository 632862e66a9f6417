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
NAMES = {"W1": "one bid's detail", "W2": "newest 20 of an authority", "W3": "a bid started"}
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


def send(method, path, token, body=None, key=None):
    """One request, so that its statements are in the log."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{os.environ['TOUCHSTONE_PORT']}{path}", method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json",
                 **({"Idempotency-Key": f'"{key}"'} if key else {})})
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


def http_round(name, work, seconds, server, postmaster):
    """One measurement by wrk: requests a second, CPU microseconds of server and database a request, p99."""
    environment = {**os.environ, **work["lua"], "BENCH_STAMP": str(time.time_ns())}
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
        "p99": re.search(r"99%\s+(\S+)", run.stdout)[1],
    }


def pgbench_round(name, work, seconds, bids, postmaster):
    """The same statements by pgbench as the same role: transactions a second and CPU microseconds a transaction."""
    database = ticks(postmaster, family=True)
    run = subprocess.run(
        [f"{PG}/pgbench", "-n", "-M", "prepared", "-c", str(PGBENCH_CLIENTS[name]), "-j", "2", "-T", str(seconds),
         "-D", f"bids={bids}", "-f", work["script"], "-h", os.environ["CLUSTER_SOCKET"], "-p", "5432",
         "-U", "touchstone_app", "touchstone"],
        env={**os.environ, "PGPASSWORD": os.environ["TOUCHSTONE_PASSWORD_APP"]}, check=False, capture_output=True, text=True)
    database = ticks(postmaster, family=True) - database
    tps = re.search(r"tps = ([\d.]+)", run.stdout)
    count = re.search(r"transactions actually processed: (\d+)", run.stdout)
    if run.returncode or not tps or not int(count[1]):
        sys.exit(f"bench: pgbench failed on {name}:\n{run.stderr[-2000:]}{run.stdout[-500:]}")
    return {"pgbench": float(tps[1]), "limit_database": database / int(count[1]) * 1e6}


def prepare(token, bids):
    """The three workloads: what wrk sends, and what pgbench runs."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    mine = psql(
        "select b.id from public.bid b where b.reference like 'BID-2000-%' and b.organisation_id = ("
        " select s.organisation_id from public.person s join auth.session t on t.person_id = s.id"
        " where s.role = 'local_authority' and t.kind = 'api' order by t.created_at desc limit 1) order by b.id limit 1000")
    (FOLDER / "ids").write_text("\n".join(mine) + "\n", encoding="ascii")
    round_id = psql(f"select round_id from public.bid where id = '{mine[0]}'")[0]
    base = {"BENCH_TOKEN": token, "BENCH_IDS": str(FOLDER / "ids"), "BENCH_ROUND": round_id}
    step = int(mine[1][-12:], 16) - int(mine[0][-12:], 16)
    counted = ("('01900000-0000-7000-8000-' || lpad(to_hex(((:n::bigint % {0}) * {1} + {2})), 12, '0'))::uuid"
               .format(len(mine), step, int(mine[0][-12:], 16)))
    listing = "/api/v1/bids?state=draft&size=20"
    stamp = time.time_ns()
    asks = {
        "W1": [lambda: send("GET", f"/api/v1/bids/{mine[0]}", token), lambda: send("GET", f"/api/v1/bids/{mine[1]}", token)],
        "W2": [lambda: send("GET", listing, token)] * 2,
        "W3": [lambda n=n: send("POST", "/api/v1/bids", token, {"round": round_id, "title": f"Capture {stamp} {n}"},
                                f"capture-{stamp}-{n}") for n in (1, 2)],
    }
    lua = {
        "W1": {**base, "BENCH_KIND": "detail", "BENCH_PATH": "/api/v1/bids"},
        "W2": {**base, "BENCH_KIND": "list", "BENCH_PATH": listing},
        "W3": {**base, "BENCH_KIND": "start", "BENCH_PATH": "/api/v1/bids"},
    }
    work = {}
    for name, (first, second) in asks.items():
        first()  # statements are prepared and caches warm before anything is captured
        if name == "W3":  # its first key is spent now
            one = logged(lambda: send("POST", "/api/v1/bids", token, {"round": round_id, "title": f"Capture {stamp} 3"},
                                      f"capture-{stamp}-3"))
        else:
            one = logged(first)
        two = logged(second)
        path = FOLDER / f"{name.lower()}.sql"
        path.write_text(capture.script(one, two, {mine[0]: counted} if name == "W1" else None), encoding="utf-8")
        work[name] = {"lua": lua[name], "script": str(path), "statements": len(one)}
    return work


def main():
    """Five rounds of everything in turns, and a table of medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server-pid", type=int, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--bids", type=int, default=100000)
    options = parser.parse_args()
    token = json.loads((STATE / "tokens.json").read_text(encoding="utf-8"))["local_authority"]
    with open(f"{os.environ['CLUSTER']}/postmaster.pid", encoding="ascii") as file:
        postmaster = int(file.readline())
    work = prepare(token, options.bids)
    rows = {name: [] for name in work}
    for number in range(1, options.rounds + 1):
        for name in work:
            row = http_round(name, work[name], options.seconds, options.server_pid, postmaster)
            row |= pgbench_round(name, work[name], options.seconds, options.bids, postmaster)
            row["ratio"] = row["http"] / row["pgbench"]
            rows[name].append(row)
            print(f"    round {number} {name}: {row['http']:8.0f} req/s, pgbench {row['pgbench']:8.0f}, ratio {row['ratio']:.2f}",
                  flush=True)
    print(f"\n{'':28}{'req/s':>8}{'pgbench':>9}{'ratio':>7}{'goal':>6}{'server µs':>11}{'goal':>6}{'db µs':>8}{'pgbench db µs':>15}{'p99':>10}")
    report = {}
    for name, found in rows.items():
        middle = {key: statistics.median(row[key] for row in found) for key in found[0] if key != "p99"}
        middle["p99"] = sorted(row["p99"] for row in found)[len(found) // 2]
        report[name] = middle
        print(f"{name} {NAMES[name]:<25}{middle['http']:>8.0f}{middle['pgbench']:>9.0f}{middle['ratio']:>7.2f}{GOALS[name][0]:>6}"
              f"{middle['server']:>11.0f}{GOALS[name][1]:>6}{middle['database']:>8.0f}{middle['limit_database']:>15.0f}{middle['p99']:>10}")
    with open(f"/proc/{options.server_pid}/status", encoding="ascii") as status:
        memory = int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) // 1024
    connections = psql("select count(*) from pg_stat_activity where usename like 'touchstone%'")[0]
    print(f"server memory {memory} MB (goal 60), database connections {connections} (goal 24)")
    report |= {"memory_mb": memory, "connections": int(connections)}
    (STATE / "reports" / "bench.json").write_text(json.dumps(report, indent=2), encoding="utf-8")


main()
