"""The command `worker-legal`: set up, serve, look after, import and report."""

import click
import flask_migrate
from flask import current_app
from flask.cli import FlaskGroup, with_appcontext
from waitress.server import create_server

from worker_legal import create_app
from worker_legal.cli_law import law
from worker_legal.domain import access, org
from worker_legal.domain.permissions import Actor
from worker_legal.errors import BadInput
from worker_legal.infra.db import transaction

CENTRE = "法律服务中心"


@click.group(cls=FlaskGroup, create_app=create_app, add_default_commands=False)
def main() -> None:
    """Worker Legal: the case system of a workers' legal-service centre."""


main.add_command(law)


@main.command()
@with_appcontext
def migrate() -> None:
    """Bring the database to the newest migration."""
    flask_migrate.upgrade()


@main.command("create-admin")
@click.option("--username", prompt="用户名 username", help="The name to sign in with.")
@click.option("--name", prompt="姓名 display name", help="The person's name.")
@click.option("--ask-password", is_flag=True, help="Ask for a password now; else give a link.")
@click.option("--yes", is_flag=True, help="Make another administrator without asking.")
@with_appcontext
def create_admin(username: str, name: str, ask_password: bool, yes: bool) -> None:
    """Make the first administrator and print a one-use link to set a password."""
    if access.has_administrator() and not yes:
        click.confirm("已经有管理员，再建一个？ There is one already; make another?", abort=True)
    password = _ask_password() if ask_password else ""
    try:
        with transaction():
            link = _make_administrator(username, name, password)
    except BadInput as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if link:
        click.echo("一次性链接，三天内有效 one-use link, good for three days:")
        click.echo(link)


def _ask_password() -> str:
    return str(click.prompt("密码 password", hide_input=True, confirmation_prompt=True))


def _make_administrator(username: str, name: str, password: str) -> str:
    user = access.make_first_administrator(username, name, CENTRE)
    if password:
        access.set_password(user, password)
        return ""
    office = org.find_office()
    token = access.make_link(Actor.system("create-admin"), user)
    return f"{office.public_url if office else ''}/welcome#{token}"


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=8, show_default=True)
@with_appcontext
def serve(host: str, port: int, threads: int) -> None:
    """Serve in one process; prints `ready http://…/` when it listens."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    server = create_server(app, host=host, port=port, threads=threads)
    if app.extensions["settings"].scheduler:
        from worker_legal.jobs import runner

        runner.start_background(app)
    click.echo(f"ready http://{host}:{server.effective_port}/")
    server.run()
