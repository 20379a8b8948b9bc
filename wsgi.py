"""The application for a WSGI server."""

from worker_legal import create_app

app = create_app()
