#!/usr/bin/env python3
"""The reference server beside its anchors; called by ci/bench/run. The rows are explained in ci/bench/README.md."""

import argparse
import fnmatch
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile

import parts

CHATS = 512
SOCKETS = 3000
IDLE = 5000
CLIENTS = (1, 2, 8, 32, 64)
SECONDS = 3
TOLERANCE = 0.8  # of the committed baseline
PAYLOAD = (b'm{"id":12345,"chat_id":77,"sender":"rc-1-0001","recipient":"rc-1-0002","body":"how are you?",'
           b'"created_at":"2026-01-02T03:04:05.678901Z"}')

# name: (at least, dream, unit); a unit of µs or KiB is a difference or a size, of which less is better.
BAR = {
    "post-64": (2.5, 5, "x"),
    "post-256": (4, 8, "x"),
    "post-idle": (300, 120, "µs"),
    "history-50": (1.2, 2, "x"),
    "chats": (0.3, 0.5, "x"),
    "router-1": (0.6, 0.9, "x"),
    "router-8": (4, 8, "x"),
    "through-redis": (0.6, 0.9, "x"),
    "over-socketio": (4, 6, "x"),
    "over-ws": (1.5, 2, "x"),
    "idle-websocket": (1.5, 0.7, "KiB"),
    "idle-socketio": (2.5, 1.2, "KiB"),
}


def less_is_better(name):
    return BAR[name][2] != "x"


class Bench:
    def __init__(self, options, stack):
        self.options = options
        self.stack = stack
        self.rows = {}  # name: one value a round
        self.absolute = {}  # what the ratios were made of
        self.api = stack.of("api")[0]
        self.api_port = self.port(self.api)
        self.gateways = stack.of("g")

    @staticmethod
    def port(part):
        return int(part["address"].rsplit(":", 1)[1])

    def wanted(self, *names):
        return any(fnmatch.fnmatch(name, pattern) for name in names for pattern in self.options.only.split(","))

    def note(self, name, value):
        self.absolute.setdefault(name, []).append(value)
        return value

    def row(self, name, value):
        self.rows.setdefault(name, []).append(value)

    def rounds(self, what):
        for number in range(self.options.rounds):
            print(f"\r{what}: round {number + 1} of {self.options.rounds} ", end="", file=sys.stderr, flush=True)
            yield number
        print(file=sys.stderr)

    # REST

    def seed(self):
        self.stack.sql(f"""
            INSERT INTO chat SELECT nextval('chat_id_seq'), 'a' || i, 'b' || i, now() FROM generate_series(1, {CHATS}) i;
            INSERT INTO chat SELECT nextval('chat_id_seq'), 'c' || i, 'lister', now() FROM generate_series(1, 20) i;
            INSERT INTO message SELECT nextval('message_id_seq'), c.id, c.low, 'how are you today, number ' || i, NULL, now()
              FROM chat c, generate_series(1, 60) i;
            ANALYZE;""")
        self.chats = [int(line) for line in self.stack.query("SELECT id FROM chat WHERE low LIKE 'a%' ORDER BY id")]
        self.senders = {int(line.split("|")[0]): line.split("|")[1]
                        for line in self.stack.query("SELECT id, low FROM chat WHERE low LIKE 'a%'")}

    def request(self, method, path, user, body=b""):
        head = (f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                f"{parts.token(self.stack.secret, user)}\r\n")
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return head.encode() + b"\r\n" + body

    def posts(self):
        body = json.dumps({"body": "how are you today, number 12?"}).encode()
        requests = [self.request("POST", f"/api/v1/chats/{chat}/messages/", self.senders[chat], body) for chat in self.chats]
        insert = f"""\\set chat random({self.chats[0]}, {self.chats[-1]})
            INSERT INTO message VALUES (nextval('message_id_seq'), :chat, 'a1', 'how are you today, number 12?', NULL,
              clock_timestamp());"""
        for _ in self.rounds("posts"):
            rate = {n: self.note(f"POST/s at {n}", parts.wrk(self.api_port, requests, n, SECONDS)) for n in (1, 64, 256)}
            best = {n: self.note(f"pgbench inserts/s at {n}", parts.pgbench(self.stack, insert, n, SECONDS)) for n in CLIENTS}
            self.row("post-64", rate[64] / max(best.values()))
            self.row("post-256", rate[256] / max(best.values()))
            self.row("post-idle", (1 / rate[1] - 1 / best[1]) * 1e6)

    def history(self):
        requests = [self.request("GET", f"/api/v1/chats/{chat}/messages/?limit=50&after=0", self.senders[chat])
                    for chat in self.chats]
        select = f"""\\set chat random({self.chats[0]}, {self.chats[-1]})
            SELECT id, sender, body, created_at FROM message WHERE chat_id = :chat AND id > 0 ORDER BY id LIMIT 50;"""
        for _ in self.rounds("history"):
            pages = self.note("pages of 50/s", parts.wrk(self.api_port, requests, 64, SECONDS))
            best = max(self.note(f"pgbench pages/s at {n}", parts.pgbench(self.stack, select, n, SECONDS)) for n in CLIENTS)
            self.row("history-50", pages / best)

    def per_cpu_second(self, pid, port, requests):
        before = parts.cpu_seconds(pid)
        rate = parts.wrk(port, requests, 64, SECONDS)
        return rate * SECONDS / (parts.cpu_seconds(pid) - before)

    def list_of_chats(self):
        request = [self.request("GET", "/api/v1/chats/", "lister")]
        with tempfile.NamedTemporaryFile(prefix="rollcall-bench-") as canned:
            canned.write(self.answer(request[0]))
            canned.flush()
            with parts.Process(f"{self.options.bin}/bench-beast-server", canned.name) as beast:
                for _ in self.rounds("chats"):
                    ours = self.note("GET chats per CPU-second", self.per_cpu_second(self.api["pid"], self.api_port, request))
                    anchor = self.note("Beast canned answer per CPU-second",
                                       self.per_cpu_second(beast.pid, beast.port, request))
                    self.row("chats", ours / anchor)

    def answer(self, request):
        import socket
        with socket.create_connection(("127.0.0.1", self.api_port)) as connection:
            connection.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            got = b"".join(iter(lambda: connection.recv(65536), b""))
        if not got.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"the api answered {got[:200]!r}")
        return got.split(b"\r\n\r\n", 1)[1]

    # Sockets

    def router(self):
        print("router: in one process", file=sys.stderr)
        said = json.loads(subprocess.run(
            [f"{self.options.bin}/server_fan_out_bench", f"--benchmark_repetitions={self.options.rounds}",
             "--benchmark_enable_random_interleaving=true", "--benchmark_format=json"],
            capture_output=True, text=True, check=True).stdout)
        rates = {}
        for run in said["benchmarks"]:
            if run["run_type"] == "iteration":
                name = run["run_name"].split("/iterations")[0]
                rates.setdefault(name, []).append(self.note(f"{name} frames per CPU-second", run["items_per_second"]))
        raw = rates["fan_out_raw/3000/1"]
        for due in (1, 8):
            for ours, anchor in zip(rates[f"fan_out_gateway/3000/{due}"], raw):
                self.row(f"router-{due}", ours / anchor)

    def fan_out(self):
        publisher = parts.Publisher(self.stack.redis)
        redis, binaries = self.stack.redis, self.options.bin
        node = self.options.node
        with parts.Process(f"{binaries}/bench-raw-router", redis) as raw, \
                parts.Process("node", f"{node}/ws.js", redis) as ws, \
                parts.Process("node", f"{node}/socketio.js", redis) as socketio:
            routers = {
                "gateway": (self.gateways[0]["pid"], self.port(self.gateways[0]), False),
                "gateway, Socket.IO": (self.gateways[0]["pid"], self.port(self.gateways[0]), True),
                "raw": (raw.pid, raw.port, False),
                "ws": (ws.pid, ws.port, False),
                "socket.io": (socketio.pid, socketio.port, True),
            }
            crowds = {}
            try:
                for place, (name, (_, port, speaks_socketio)) in enumerate(routers.items()):
                    users = [f"f{place}-{i}" for i in range(SOCKETS)]
                    crowds[name] = parts.Receivers(binaries, port, users, speaks_socketio, self.stack.secret)
                for _ in self.rounds("fan-out"):
                    rate = {name: self.note(f"{name}: messages per CPU-second",
                                            self.delivered(publisher, routers[name][0], crowd))
                            for name, crowd in crowds.items()}
                    self.row("through-redis", rate["gateway"] / rate["raw"])
                    self.row("over-ws", rate["gateway"] / rate["ws"])
                    self.row("over-socketio", rate["gateway, Socket.IO"] / rate["socket.io"])
            finally:
                for crowd in crowds.values():
                    crowd.__exit__()

    @staticmethod
    def delivered(publisher, pid, crowd, bursts=8):
        burst = publisher.burst([f"chat:user:{user}".encode() for user in crowd.users], PAYLOAD)
        before = parts.cpu_seconds(pid)
        for _ in range(bursts):
            crowd.receive(SOCKETS, lambda: publisher.send(burst, SOCKETS))
        return bursts * SOCKETS / (parts.cpu_seconds(pid) - before)

    def idle_memory(self):
        for name, part, socketio in (("idle-websocket", self.gateways[1], False), ("idle-socketio", self.gateways[2], True)):
            print(f"{name}: {IDLE} sockets", file=sys.stderr)
            users = [f"idle-{i}" for i in range(IDLE)]

            def crowd(of):
                return parts.Receivers(self.options.bin, self.port(part), of, socketio, self.stack.secret)

            with crowd(users[:100]):
                pass
            parts.settle(lambda: parts.open_descriptors(part["pid"]) < 100, "the sockets of the warm-up have gone")
            empty = parts.pss_bytes(part["pid"])
            with crowd(users):
                self.row(name, (parts.pss_bytes(part["pid"]) - empty) / IDLE / 1024)

    def all(self):
        if self.wanted("router-1", "router-8"):
            self.router()
        if self.wanted("post-64", "post-256", "post-idle", "history-50", "chats"):
            self.seed()
        if self.wanted("post-64", "post-256", "post-idle"):
            self.posts()
        if self.wanted("history-50"):
            self.history()
        if self.wanted("chats"):
            self.list_of_chats()
        if self.wanted("through-redis", "over-ws", "over-socketio"):
            self.fan_out()
        if self.wanted("idle-websocket", "idle-socketio"):
            self.idle_memory()


def first_line(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[0]
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), platform.machine())
    return {
        "cpu": model, "cores": os.cpu_count(), "kernel": platform.release(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "load_before": os.getloadavg()[0],
        "postgresql": first_line("/usr/lib/postgresql/15/bin/postgres", "--version"),
        "redis": first_line("redis-server", "--version"), "node": first_line("node", "--version"),
        "compiler": first_line("g++", "--version"), "commit": first_line("git", "rev-parse", "--short", "HEAD"),
    }


def judge(rows, baseline):
    """Prints the table; whether every row holds."""
    good = True
    print(f"{'row':<16}{'median':>10}  {'range of the rounds':<22}{'at least':>9}{'dream':>7}{'baseline':>10}")
    for name, values in rows.items():
        least, dream, unit = BAR[name]
        median = statistics.median(values)
        kept = baseline.get(name)
        sign = -1 if less_is_better(name) else 1
        words = []
        if sign * median < sign * least:
            words.append("UNDER THE BAR")
        if kept is not None and (median * TOLERANCE > kept if sign < 0 else median < kept * TOLERANCE):
            words.append("WORSE THAN THE BASELINE")
        good = good and not words
        span = f"{min(values):.2f} … {max(values):.2f}"
        print(f"{name:<16}{median:>10.2f}  {span:<22}{least:>9}{dream:>7}{kept if kept is not None else '-':>10} {unit} "
              f"{', '.join(words)}".rstrip())
    return good


def main():
    arguments = argparse.ArgumentParser(prog="ci/bench/run")
    arguments.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    arguments.add_argument("--node", required=True, help=argparse.SUPPRESS)
    arguments.add_argument("--rounds", type=int, default=5, help="interleaved rounds of each row (default 5)")
    arguments.add_argument("--only", default="*", help="rows by name or glob, comma-separated")
    arguments.add_argument("--json", help="write rows, what they were made of, and the machine to this file")
    arguments.add_argument("--update-baseline", action="store_true", help="keep these medians as the baseline")
    options = arguments.parse_args()
    kept = os.path.join(parts.HERE, "baseline.json")

    about = machine()
    with parts.Stack(options.bin, gateways=3) as stack:
        bench = Bench(options, stack)
        bench.all()
    print(f"{about['cores']} x {about['cpu']}, {about['memory_gib']} GiB, Linux {about['kernel']}, load {about['load_before']:.2f} "
          f"before\n{about['postgresql']}; {about['redis'][:32]}; Node.js {about['node']}; {about['compiler']}; "
          f"commit {about['commit']}")
    for name, values in bench.absolute.items():
        print(f"  {name:<50}{statistics.median(values):>12,.0f}")
    rows = {name: values for name, values in bench.rows.items() if bench.wanted(name)}
    if not rows:
        arguments.error(f"no row matches --only '{options.only}'; there are {', '.join(BAR)}")
    with open(kept) as file:
        baseline = json.load(file)
    good = judge(rows, baseline)
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"machine": about, "rows": rows, "absolute": bench.absolute}, file, indent=1)
    if options.update_baseline:
        baseline.update({name: round(statistics.median(values), 2) for name, values in rows.items()})
        with open(kept, "w") as file:
            file.write(json.dumps(baseline, indent=1) + "\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
