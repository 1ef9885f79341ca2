"""What a measurement stands on: processes, their CPU time and memory, the private stack, tokens, load."""

import base64
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def cpu_seconds(pid):
    """User and system time of all threads of a process, from the scheduler's nanoseconds."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def pss_bytes(pid):
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return int(re.search(r"^Pss:\s+(\d+) kB", file.read(), re.M).group(1)) * 1024


def open_descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def settle(condition, what, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(0.05)


def token(secret, user):
    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    head = part(b'{"alg":"HS256","typ":"JWT"}')
    body = part(json.dumps({"sub": user, "exp": int(time.time()) + 7200}).encode())
    return f"{head}.{body}.{part(hmac.new(secret, f'{head}.{body}'.encode(), hashlib.sha256).digest())}"


class Process:
    """A server that prints its port as its first line; stopped at the end."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.pid = self.process.pid
        line = self.process.stdout.readline()
        if not line.strip().isdigit():
            raise RuntimeError(f"{command[0]} did not start")
        self.port = int(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


class Stack:
    """`rollcall up` with a data folder of its own."""

    def __init__(self, binaries, gateways):
        self.folder = tempfile.TemporaryDirectory(prefix="rollcall-bench-")
        os.chmod(self.folder.name, 0o755)  # PostgreSQL may run as another user
        data = os.path.join(self.folder.name, "data")
        self.process = subprocess.Popen(
            [f"{binaries}/rollcall", "up", "--json", "--data", data, "--gateway", str(gateways)],
            stdout=subprocess.PIPE, text=True)
        said = self.process.stdout.readline()
        if not said:
            raise RuntimeError("rollcall up did not start")
        up = json.loads(said)
        self.redis = up["redis"]
        self.postgres = up["postgres"]
        self.parts = {part["name"]: part for part in up["parts"]}
        with open(os.path.join(data, "secret"), "rb") as file:
            self.secret = file.read().strip()

    def of(self, prefix):
        """The processes whose name begins so, by name."""
        return [self.parts[name] for name in sorted(self.parts) if re.fullmatch(prefix + r"-?\d+", name)]

    def sql(self, text):
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", self.postgres], input=text, text=True, check=True,
                       stdout=subprocess.DEVNULL)

    def query(self, text):
        return subprocess.run(["psql", "-X", "-At", "-v", "ON_ERROR_STOP=1", self.postgres, "-c", text], text=True,
                              check=True, capture_output=True).stdout.split("\n")[:-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        self.folder.cleanup()


def wrk(port, requests, connections, seconds):
    """Requests per second over keep-alive connections that take the requests (bytes) in turn; each must be answered 2xx."""
    with tempfile.NamedTemporaryFile(prefix="rollcall-bench-", suffix=".requests") as file:
        file.write(b"\x1e".join(requests))
        file.flush()
        said = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", f"{HERE}/requests.lua",
             f"http://127.0.0.1:{port}/", "--", file.name], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"wrk met errors:\n{said}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1))


def pgbench(stack, script, clients, seconds):
    """Transactions per second of the script (SQL, prepared)."""
    with tempfile.NamedTemporaryFile("w", prefix="rollcall-bench-", suffix=".sql") as file:
        file.write(script)
        file.flush()
        said = subprocess.run(
            ["/usr/lib/postgresql/15/bin/pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j",
             str(min(clients, 2)), "-T", str(seconds), "-f", file.name, stack.postgres],
            capture_output=True, text=True, check=True).stdout
    return float(re.search(r"tps = ([\d.]+) \(without", said).group(1))


class Publisher:
    """Publishes bursts over a connection of its own to Redis."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)

    @staticmethod
    def burst(channels, payload):
        return b"".join(
            b"*3\r\n$7\r\nPUBLISH\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n" % (len(c), c, len(payload), payload) for c in channels)

    def send(self, burst, count):
        self.socket.sendall(burst)
        while count > 0:
            got = self.socket.recv(65536)
            if not got:
                raise RuntimeError("Redis closed the connection")
            count -= got.count(b"\n")


class Receivers:
    """Sockets of one router, opened to `ready`; `users` are their names."""

    def __init__(self, binaries, port, users, socketio, secret):
        self.users = users
        self.total = 0
        self.file = tempfile.NamedTemporaryFile("w", prefix="rollcall-bench-", suffix=".sockets")
        path = "/socket.io/?EIO=4&transport=websocket&user=" if socketio else "/ws?user="
        for user in users:
            self.file.write(f"{path}{user}\t{token(secret, user)}\n")
        self.file.flush()
        self.process = subprocess.Popen(
            [f"{binaries}/bench-receivers", str(port), self.file.name, "socketio" if socketio else "plain"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.expect("ready ")

    def expect(self, beginning):
        line = self.process.stdout.readline()
        if not line.startswith(beginning):
            raise RuntimeError(f"the receivers said {line!r}")

    def receive(self, count, publish):
        """Calls `publish`, then waits until so many more messages have come."""
        self.total += count
        publish()
        self.process.stdin.write(f"until {self.total}\n")
        self.expect("received ")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)
        self.file.close()
