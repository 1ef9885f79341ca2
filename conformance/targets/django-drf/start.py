"""Starts the backend: tables, accounts, one Daphne for REST and one for sockets. Prints one line of JSON with their
addresses once both answer; stops on SIGTERM or Ctrl-C, and when one of them ends."""
import ctypes
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here))
os.environ.setdefault("SECRET_KEY", secrets.token_hex(32))
os.environ["DJANGO_SETTINGS_MODULE"] = "chat.settings"


def prepare():
    """In this process, which then only watches."""
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0)
    from chat.accounts import make_accounts

    make_accounts(int(os.environ.get("ACCOUNTS", "500")))
    connections.close_all()


def listen(port):
    listener = socket.create_server(("127.0.0.1", int(port)), backlog=1024)
    listener.set_inheritable(True)
    return listener


def end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def serve(listener):
    words = [sys.executable, "-m", "daphne", "--fd", str(listener.fileno()), "--no-server-name", "-v", "0"]
    return subprocess.Popen(
        words + ["chat.asgi:application"],
        cwd=here,
        stdin=subprocess.DEVNULL,
        stdout=2,
        pass_fds=[listener.fileno()],
        preexec_fn=end_with_parent,
    )


def answers(address, process):
    while process.poll() is None:
        try:
            urllib.request.urlopen(address + "/accounts/login/", timeout=30).close()
            return True
        except urllib.error.URLError:
            time.sleep(0.05)
    return False


def stop(*_):
    raise SystemExit(0)


def main():
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    prepare()
    listeners = [listen(os.environ.get(name, "0")) for name in ("API_PORT", "SOCKET_PORT")]
    processes = []
    try:
        processes += [serve(listener) for listener in listeners]
        api, sockets = (f"http://127.0.0.1:{listener.getsockname()[1]}" for listener in listeners)
        if answers(api, processes[0]) and answers(sockets, processes[1]):
            print(json.dumps({"api": api, "sockets": sockets.replace("http", "ws")}), flush=True)
        os.waitpid(-1, 0)  # none of them ends by itself
        raise SystemExit(1)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


if __name__ == "__main__":
    main()
