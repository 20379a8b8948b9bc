"""A server that is killed again and again while clerks register cases; used by test_kill_server."""

import http.client
import multiprocessing
import re
import socket
import threading
import time
from dataclasses import dataclass, field, replace
from random import Random
from urllib.parse import urlencode

from worker_legal.config import Settings

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_ERROR = re.compile(r'<div class="error-summary".*?</div>', re.DOTALL)
_CASE = re.compile(r"/cases/(\d+)")


def serve(settings: Settings, listener: socket.socket) -> None:
    """One life of the server, on a socket that outlives it."""
    from waitress.server import create_server

    from worker_legal import create_app

    create_server(create_app(settings), sockets=[listener], threads=4).run()


@dataclass
class Clerk:
    """A browser with a session that registers cases and remembers what was acknowledged."""

    port: int
    cookie: str = ""
    csrf: str = ""
    acknowledged: list[int] = field(default_factory=list)
    attempts: int = 0

    def sign_in(self, username: str, password: str) -> None:
        """Sign in once; the session survives the server."""
        self._learn(self._send("GET", "/sign-in"))
        answer = self._send("POST", "/sign-in", {"username": username, "password": password})
        assert answer[0] == 302, answer[2][-600:]
        self._learn(answer)
        self._learn(self._send("GET", "/cases/new"))

    def register(self, number: int) -> None:
        """Send one intake; only an answer that names the case counts as acknowledged."""
        self.attempts += 1
        status, headers, body = self._send("POST", "/cases/new", intake(number))
        if status != 302:
            words = _ERROR.search(body)
            raise AssertionError(f"status {status}: {words[0] if words else body[:300]}")
        found = _CASE.search(headers.get("location", ""))
        assert found is not None
        self.acknowledged.append(int(found[1]))

    def _send(
        self, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": self.cookie}
        body = None
        if form is not None:
            body = urlencode({"csrf_token": self.csrf, **form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text

    def _learn(self, answer: tuple[int, dict[str, str], str]) -> None:
        _, headers, text = answer
        if "set-cookie" in headers:
            self.cookie = headers["set-cookie"].split(";")[0]
        found = _TOKEN.search(text)
        if found:
            self.csrf = found[1]


def intake(number: int) -> dict[str, str]:
    """A filled-in intake with two workers; the token is new, so each is a case of its own."""
    return {
        "token": f"{number:032x}",
        "workers-0-name": f"甲{number}",
        "site_id": "1",
        "workers-0-gender": "unknown",
        "workers-1-gender": "unknown",
        "workers-0-claimed": "1200",
        "workers-1-name": f"乙{number}",
        "workers-1-claimed": "800",
        "respondents-0-name": f"示例{number % 7}制造有限公司",
        "respondents-0-capacity": "employer",
        "channel": "walk_in",
        "dispute_kind": "pay",
        "first_stage": "mediation",
        "registered_on": "2026-11-20",
        "story": "停产欠薪",
    }


@dataclass
class Mill:
    """Starts the server, lets clerks work, kills it in the middle, and begins again."""

    settings: Settings
    seed: int = 7
    clerks: list[Clerk] = field(default_factory=list)
    kills: int = 0
    refusals: list[str] = field(default_factory=list)

    def run(self, lives: int, username: str, password: str, clerks: int = 3) -> None:
        """So many lives, each ended by SIGKILL while requests are under way."""
        draw = Random(self.seed)  # noqa: S311 - decides when to kill, keeps no secret
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["worker_legal.web.factory", "waitress.server"])
        with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
            port = listener.getsockname()[1]
            self.clerks = [Clerk(port) for _ in range(clerks)]
            for life in range(lives):
                process = context.Process(target=serve, args=(self._settings(), listener))
                process.start()
                if life == 0:
                    for clerk in self.clerks:
                        clerk.sign_in(username, password)
                self._work_until_killed(process, draw, life)
                assert not self.refusals, self.refusals[:3]

    def _settings(self) -> Settings:
        return replace(self.settings)

    def _work_until_killed(
        self, process: "multiprocessing.Process", draw: Random, life: int
    ) -> None:
        stop = threading.Event()
        threads = [
            threading.Thread(target=self._work, args=(clerk, place, life, stop))
            for place, clerk in enumerate(self.clerks)
        ]
        before = sum(len(clerk.acknowledged) for clerk in self.clerks)
        for thread in threads:
            thread.start()
        patience = time.monotonic() + 60
        while sum(len(clerk.acknowledged) for clerk in self.clerks) == before:
            time.sleep(0.005)  # the first answer shows that the server is up and writing
            if self.refusals or time.monotonic() > patience:
                break
        time.sleep(draw.uniform(0.0, 0.09))
        process.kill()
        process.join()
        self.kills += 1
        stop.set()
        for thread in threads:
            thread.join()

    def _work(self, clerk: Clerk, place: int, life: int, stop: threading.Event) -> None:
        step = 0
        while not stop.is_set():
            step += 1
            try:
                clerk.register(((life * 10 + place) * 100_000) + step)
            except (OSError, http.client.HTTPException):
                time.sleep(0.01)
            except AssertionError as refused:
                self.refusals.append(str(refused))
                return
