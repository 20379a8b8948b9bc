"""A real server on this machine, in a thread, so that a test can hold its clock and database."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from waitress.server import create_server


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application on a free port of 127.0.0.1 and give its address."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4, _quiet=True)
    thread = threading.Thread(target=server.run, name="live-server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=10)
