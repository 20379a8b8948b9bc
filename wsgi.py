"""The door for WSGI servers: `wsgi:app`."""

from worker_legal import create_app

app = create_app()
