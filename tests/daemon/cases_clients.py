# SPDX-License-Identifier: BSD-2-Clause
"""Who connects to the socket: samples stay on time, and an honest client is answered."""
import json
import os
import random
import resource
import socket
import threading
import time

from bench import FAST, SOCKET, equal, wait_for

LATE_S = 0.5  # of a sample: other tests, and the clients themselves, want the CPUs too
REQUEST = b"GET /status HTTP/1.1\r\nHost: x\r\n\r\n"


def connect():
    client = socket.socket(socket.AF_UNIX)
    client.connect(str(SOCKET))
    client.settimeout(5)
    return client


def connect_many(n):
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    clients = []
    for _ in range(n):
        try:
            clients.append(connect())
        except OSError:
            break
    return clients


def request(line, body=b""):
    """The status and the body of an answer."""
    with connect() as client:
        client.sendall(f"{line} HTTP/1.0\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    head, _, text = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), text


def check_on_time(bench, before, seconds):
    """As many samples as there should be, none of them late, and an answer without delay."""
    start = time.monotonic()
    status = bench.status()
    assert time.monotonic() - start < 2, "a slow answer"
    wanted = (seconds - 1.2) / 0.25  # a status may be as old as a second
    got = status["samples"] - before["samples"]
    assert got >= 0.8 * wanted, f"{got} samples instead of {wanted}"
    assert status["late_s"] < LATE_S, f"a sample was {status['late_s']} s late"


def prepare(bench):
    bench.build()
    daemon = bench.daemon().ready()
    bench.settle()
    return daemon, bench.status(), time.monotonic()


def test_a_thousand_that_say_nothing(bench):
    daemon, before, start = prepare(bench)
    clients = connect_many(1000)
    equal(len(clients), 1000, "connections")
    time.sleep(3)
    check_on_time(bench, before, time.monotonic() - start)
    time.sleep(5)
    # they are hung up on in the end
    gone = 0
    for client in clients:
        client.settimeout(5)
        try:
            gone += client.recv(1) == b""
        except OSError:
            gone += 1
    equal(gone, 1000, "connections that were ended")
    equal(daemon.end(), 0, "exit status")


def test_a_thousand_that_ask_and_do_not_listen(bench):
    daemon, before, start = prepare(bench)
    clients = connect_many(1000)
    for client in clients:
        client.sendall(REQUEST)
    time.sleep(3)
    check_on_time(bench, before, time.monotonic() - start)
    equal(daemon.end(), 0, "exit status")


def flood(data, end):
    while time.monotonic() < end:
        try:
            with connect() as client:
                for _ in range(20):
                    client.sendall(data())
        except OSError:
            pass


def run_flood(bench, data, seconds=6, threads=8):
    daemon, before, start = prepare(bench)
    workers = [threading.Thread(target=flood, args=(data, start + seconds))
               for _ in range(threads)]
    for worker in workers:
        worker.start()
    time.sleep(seconds / 2)
    check_on_time(bench, before, time.monotonic() - start)
    for worker in workers:
        worker.join()
    check_on_time(bench, before, time.monotonic() - start)
    equal(daemon.end(), 0, "exit status")


def test_flood_of_questions(bench):
    run_flood(bench, lambda: REQUEST)


def test_flood_of_garbage(bench):
    rng = random.Random(2)
    run_flood(bench, lambda: rng.randbytes(rng.randrange(1, 3000)))


def test_bad_requests(bench):
    """Each has an answer, or none, and the daemon lives."""
    daemon, _, _ = prepare(bench)
    equal(request("GET /")[0], 404, "another path")
    equal(request("GET /reload")[0], 405, "another method")
    equal(request("POST /status")[0], 405, "another method")
    equal(request("POST /ban")[0], 400, "a ban of nothing")
    equal(request("POST /ban?irq=x")[0], 400, "a ban of no number")
    equal(request("POST /ban?irq=-1")[0], 400, "a ban of a negative number")
    equal(request("POST /ban?irq=99999999999999999999")[0], 400, "a ban of a large number")
    equal(request("POST /ban?irq=7777")[0], 404, "a ban of an interrupt that is not there")
    equal(request("POST /reload", b"x" * 100000)[0], 200, "a body that nobody wants")
    status, body = request("GET /status")
    equal((status, json.loads(body)["schema"]), (200, "irqctl.status/1"), "a good one")
    for text in (b"\0" * 4000, b"GET " + b"/" * 20000, b"\r\n" * 2000, b"GET /status HTTP/9.9\r\n\r\n",
                 b"POST /ban?" + b"irq=24&" * 400 + b" HTTP/1.0\r\n\r\n",
                 b"POST /reload HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"):
        with connect() as client:
            try:
                client.sendall(text)
                client.shutdown(socket.SHUT_WR)
                while client.recv(65536):
                    pass
            except OSError:
                pass
    equal(bench.run("status").returncode, 0, "status afterwards")
    equal(daemon.end(), 0, "exit status")


def test_hangs_up_at_any_moment(bench):
    """Clients that go while their answer is made."""
    daemon, _, _ = prepare(bench)
    rng = random.Random(3)
    for _ in range(300):
        with connect() as client:
            client.sendall(REQUEST[:rng.randrange(1, len(REQUEST) + 1)])
            if rng.random() < 0.5:
                client.shutdown(rng.choice((socket.SHUT_WR, socket.SHUT_RDWR)))
    equal(bench.run("status").returncode, 0, "status afterwards")
    equal(daemon.end(), 0, "exit status")


def test_ends_while_clients_wait(bench):
    """The end is not delayed by connections."""
    daemon, _, _ = prepare(bench)
    clients = connect_many(100)
    for client in clients[:50]:
        client.sendall(REQUEST)
    start = time.monotonic()
    equal(daemon.end(), 0, "exit status")
    assert time.monotonic() - start < 2


def test_credentials(bench):
    """The socket's group may look; only root may give orders."""
    bench.build()
    daemon = bench.daemon(FAST + "socket_group = daemon\n").ready()
    equal(os.stat(SOCKET).st_mode & 0o777, 0o660, "mode of the socket")
    run = bench.as_user("status", "--json", gid=1)
    equal(run.returncode, 0, f"status as a member of the group: {run.stderr}")
    run = bench.as_user("reload", gid=1)
    equal(run.returncode, 1, "reload as a member of the group")
    assert "only root" in run.stderr, run.stderr
    for verb in ("status", "reload"):
        run = bench.as_user(verb)
        equal(run.returncode, 1, f"{verb} as anybody")
        assert "no permission" in run.stderr, run.stderr
    equal(daemon.count("was read again"), 0, "reloads")
    equal(bench.run("reload").returncode, 0, "reload as root")


def test_unknown_group(bench):
    """Said, and only root may ask."""
    bench.build()
    daemon = bench.daemon(FAST + "socket_group = nosuchgroup\n").ready()
    daemon.wait_log("nosuchgroup")
    equal(bench.run("status").returncode, 0, "status as root")


def test_something_else_in_the_place_of_the_socket(bench):
    """A file that is no socket is not removed."""
    bench.build()
    path = bench.base / "precious"
    path.write_text("data")
    daemon = bench.daemon(FAST + f"socket = {path}\n")
    equal(daemon.process.wait(10), 1, "exit status")
    assert str(path) in daemon.log
    equal(path.read_text(), "data", "the file")


def test_nobody_answers(bench):
    run = bench.run("status")
    equal(run.returncode, 1, "exit status")
    assert "no daemon listens" in run.stderr, run.stderr


def test_something_else_answers(bench):
    """Whatever is said there, the client neither hangs nor believes it."""
    path = str(bench.base / "other")
    for text in (b"", b"220 mail.example ESMTP\r\n", b"HTTP/1.0 200 OK\r\n\r\n",
                 b"HTTP/1.0 200 OK\r\n\r\n{\"schema\": \"other/1\"}", b"HTTP/1.0 x\r\n\r\n",
                 b"HTTP/1.0 200 OK\r\n\r\n[1", b"\xff" * 100):
        server = socket.socket(socket.AF_UNIX)
        server.bind(path)
        server.listen(1)
        thread = threading.Thread(target=answer_once, args=(server, text))
        thread.start()
        run = bench.run("status", "--socket", path)
        thread.join()
        server.close()
        os.unlink(path)
        equal(run.returncode, 1, f"exit status for {text!r}")
        assert "no irqctl daemon" in run.stderr, run.stderr


def answer_once(server, text):
    client, _ = server.accept()
    client.recv(65536)
    client.sendall(text)
    client.close()


def test_daemon_that_hangs(bench):
    """The client gives up after its time."""
    daemon, _, _ = prepare(bench)
    daemon.process.send_signal(19)  # SIGSTOP
    start = time.monotonic()
    run = bench.run("status")
    equal(run.returncode, 1, "exit status")
    assert time.monotonic() - start < 8
    daemon.process.send_signal(18)  # SIGCONT
    wait_for(lambda: bench.run("status").returncode == 0, 10, "an answer")
