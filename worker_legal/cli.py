"""The command `worker-legal`: set up, serve, look after, import and report."""

from pathlib import Path

import click
from flask import Flask
from flask_migrate import upgrade
from waitress.server import create_server

from worker_legal import create_app, demo
from worker_legal.cli_figures import comparison, recount_command, report_command
from worker_legal.cli_holidays import holidays_group
from worker_legal.cli_law import law
from worker_legal.cli_ledger import export_ledger, import_ledger
from worker_legal.cli_support import app_context, refusals_as_sentences
from worker_legal.domain import access, org, reminders
from worker_legal.domain.cases import projection
from worker_legal.domain.permissions import Actor
from worker_legal.infra.db import migrations_folder, transaction

CENTRE = "职工法律服务中心"
THREADS = 8


@click.group()
def main() -> None:
    """Case system of a workers' legal-service centre."""


@main.command()
def migrate() -> None:
    """Bring the database to the newest migration."""
    app = create_app()
    with app.app_context():
        upgrade(directory=str(migrations_folder()))


@main.command("restore-done")
@refusals_as_sentences
def restore_done() -> None:
    """Say that the database was restored: nothing is sent until somebody confirms on screen."""
    with app_context(), transaction():
        reminders.raise_fence()
    click.echo("提醒已暂停，请主任或管理员在“运行状况”里确认。")
    click.echo("Reminders are held back; confirm on the page 运行状况 (System health).")


@main.command("create-admin")
@click.option("--username", prompt="用户名 username", help="The name to sign in with.")
@click.option("--name", prompt="姓名 display name", help="The person's name.")
@click.option("--ask-password", is_flag=True, help="Ask for a password now; else give a link.")
@click.option("--yes", is_flag=True, help="Make another administrator without asking.")
@refusals_as_sentences
def create_admin(username: str, name: str, ask_password: bool, yes: bool) -> None:
    """Make the first administrator and print a one-use link to set a password."""
    with app_context():
        if access.has_administrator() and not yes:
            click.confirm(
                "已经有管理员，再建一个？ There is one already; make another?", abort=True
            )
        password = _ask_password() if ask_password else ""
        with transaction():
            link = _make_administrator(username, name, password)
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
@click.option("--scheduler/--no-scheduler", default=True, help="Run the jobs in this process.")
def serve(host: str, port: int, scheduler: bool) -> None:
    """Serve in one process, by default with the jobs inside."""
    with app_context(scheduler=scheduler) as app:
        _serve(app, host, port, scheduler)


@main.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--load-only", is_flag=True, help="Load the made-up office and stop.")
def serve_demo(host: str, port: int, load_only: bool) -> None:
    """Serve a made-up office, loaded once; prints its accounts."""
    with app_context(demo=True, scheduler=True) as app:
        for account in load_demo(Path(app.instance_path)):
            click.echo(f"account {account.username} {account.password} {account.role}")
        _answer_at(f"http://{host}:{port}")
        if not load_only:
            _serve(app, host, port, scheduler=True)


def _answer_at(address: str) -> None:
    """The square on a demo receipt leads to this very server, whatever port it has today."""
    office = org.get_office()
    if office.public_url != address:
        with transaction():
            org.set_up_office(Actor.system("demo"), office.name, office.prefix, public_url=address)


def load_demo(instance: Path) -> list[demo.Account]:
    """Fill an empty database with the demonstration, all or nothing."""
    made = demo.accounts(instance)
    if org.find_office() is None:
        with transaction():
            demo.set_up(made)
            demo.load(lambda line: click.echo(f"loading {line}", err=True))
    return made


@main.command()
def scheduler() -> None:
    """Run the jobs in this process until it is stopped."""
    from worker_legal.jobs import runner

    with app_context(scheduler=True) as app:
        click.echo("scheduler running")
        runner.serve(app)


@main.command("run-job")
@click.argument("name")
@refusals_as_sentences
def run_job(name: str) -> None:
    """Run one job now, as for a crontab; NAME is one of the timetable."""
    from worker_legal.jobs import runner

    with app_context() as app:
        click.echo(runner.run(name, app) or "nothing to do")


def _serve(app: Flask, host: str, port: int, scheduler: bool) -> None:
    server = create_server(app, host=host, port=port, threads=THREADS, ident="")
    if scheduler:
        from worker_legal.jobs import runner

        runner.start_background(app)
    click.echo(f"ready http://{host}:{server.effective_port}/")
    server.run()


@main.command("recompute-deadlines")
def recompute_deadlines() -> None:
    """Compute every open date again, after a change of holidays."""
    with app_context(), transaction():
        moved = projection.recompute_all()
    click.echo(f"cases with moved dates: {moved}")


main.add_command(law)
main.add_command(report_command)
main.add_command(comparison)
main.add_command(recount_command)
main.add_command(import_ledger)
main.add_command(export_ledger)
main.add_command(holidays_group)
