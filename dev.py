"""The two commands of the house, and four small ones; needs nothing but Python 3.11 with venv.

python3 dev.py demo [--port 8000]    try the system with made-up data
python3 dev.py test [pytest args]    everything that must hold, set-up included
python3 dev.py check                 lint, format, types and import contracts only
python3 dev.py faults [--long]       kill reminding workers; --mutants proves each guard
python3 dev.py screenshots           a picture of every page, wide and narrow
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
DEBIAN_PACKAGES = {
    "chromium": Path("/usr/bin/chromium"),
    "fonts-noto-cjk": Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    "libreoffice-calc-nogui": Path("/usr/lib/libreoffice/program/libsclo.so"),
    "libreoffice-writer-nogui": Path("/usr/lib/libreoffice/program/libswlo.so"),
}
# The law and the rights are held to a library's standard: every branch is taken by a test.
PROVEN = ("tests/law", "tests/domain/test_permissions.py")
FULL_COVERAGE = (
    "--cov=worker_legal.law",
    "--cov=worker_legal.domain.permissions",
    "--cov-branch",
    "--cov-fail-under=100",
    "--no-cov-on-fail",
)
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)


def main() -> int:
    """Do what the command line asks for and give the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    demo_parser = commands.add_parser("demo")
    demo_parser.add_argument("--port", type=int, default=8000)
    commands.add_parser("test")
    commands.add_parser("check")
    faults_parser = commands.add_parser("faults")
    faults_parser.add_argument("--long", action="store_true", help="2,000 kills per database")
    faults_parser.add_argument("--mutants", action="store_true", help="remove each guard in turn")
    commands.add_parser("screenshots")
    arguments, rest = parser.parse_known_args()
    if rest and arguments.command != "test":
        parser.error(f"unknown arguments: {' '.join(rest)}")
    if arguments.command == "demo":
        return demo(arguments.port)
    if arguments.command == "test":
        return test(rest)
    if arguments.command == "faults":
        return faults(arguments.long, arguments.mutants)
    if arguments.command == "check":
        install("test")
        return check()
    return screenshots()


def demo(port: int) -> int:
    """Serve the demo office on this machine; the last line it prints is `ready http://…/`."""
    install("base")
    command = [str(BIN / "worker-legal"), "demo", "--port", str(port)]
    os.chdir(ROOT)
    if os.name != "nt":  # stay one process, so that Ctrl-C and kill reach the server
        os.execv(command[0], command)  # noqa: S606 - our own command, no shell
    return subprocess.call(command)


def test(pytest_arguments: list[str]) -> int:
    """Run the checks, then the tests; pytest's summary is the last thing printed."""
    install("test")
    install_debian_packages()
    failed = check()
    if failed or pytest_arguments:
        return failed or run_apart("pytest", *pytest_arguments)
    failed = run_apart("pytest", "-n", "2", *PROVEN, *FULL_COVERAGE)
    return failed or run_apart("pytest", "-n", "2", *(f"--ignore={path}" for path in PROVEN))


def faults(is_long: bool, with_mutants: bool) -> int:
    """Kill reminding workers on both databases; the last line of each says what was lost."""
    install("test")
    if with_mutants:
        return run_apart("python", "-m", "tests.faults.mutants")
    return run_apart("python", "-m", "tests.faults.reminders", *(["--long"] if is_long else []))


def check() -> int:
    """Run every static check, also after one has failed."""
    return max([run(*command) for command in CHECKS])


def screenshots() -> int:
    """Shoot every page of a demo office into the git-ignored folder screenshots/."""
    install("test")
    install_debian_packages()
    return run("python", "-m", "scripts.screenshots")


def run(program: str, *arguments: str, environment: dict[str, str] | None = None) -> int:
    """Run a program of the virtual environment in the project's folder."""
    print(f"\n== {program} {' '.join(arguments)}", flush=True)
    return subprocess.call([str(BIN / program), *arguments], cwd=ROOT, env=environment)


def run_apart(program: str, *arguments: str) -> int:
    """Run a program of the tests, away from the settings and files of an installation."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("WL_") or name.startswith("WL_TEST_")
    }
    # PostgreSQL locks a file in the temporary directory, which must not be shared with other users.
    with tempfile.TemporaryDirectory(prefix="wl-", ignore_cleanup_errors=True) as private:
        environment["TMPDIR"] = private
        return run(program, *arguments, environment=environment)


def install(what: str) -> None:
    """Make .venv hold exactly the locked packages of `base` or `test`; instant when it does."""
    stamp = VENV / f"installed-{what}"
    wanted = digest(what)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not (BIN / ("python.exe" if os.name == "nt" else "python")).exists():
        print(f"making {VENV}", flush=True)
        if subprocess.call([sys.executable, "-m", "venv", str(VENV)]):
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit("no virtual environment: install python3-venv (Debian) and try again")
    print(f"installing requirements/{what}.txt (about a minute the first time)", flush=True)
    pip("--require-hashes", "-r", f"requirements/{what}.txt")
    pip("--no-deps", "--no-build-isolation", "-e", ".")
    stamp.write_text(wanted)
    if what == "test":
        (VENV / "installed-base").write_text(digest("base"))


def pip(*arguments: str) -> None:
    """Install with the pip of the virtual environment."""
    command = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--no-input"]
    subprocess.check_call([*command, "--disable-pip-version-check", *arguments], cwd=ROOT)


def digest(what: str) -> str:
    """Give the fingerprint of the files that decide what is installed."""
    names = (f"requirements/{what}.txt", "setup.cfg", "pyproject.toml")
    content = b"\0".join((ROOT / name).read_bytes() for name in names)
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def install_debian_packages() -> None:
    """Bring what tests need beside Python, where this is Debian and we may; say so where not."""
    missing = [name for name, proof in DEBIAN_PACKAGES.items() if not proof.exists()]
    if not missing:
        return
    if shutil.which("apt-get") is None or os.name == "nt" or os.geteuid() != 0:
        print(
            f"not installed, so tests of pages and files cannot run: {', '.join(missing)}",
            flush=True,
        )
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.check_call(["apt-get", "-q", "update"], env=environment)
    install_command = ["apt-get", "-q", "-y", "install", "--no-install-recommends", *missing]
    subprocess.check_call(install_command, env=environment)


if __name__ == "__main__":
    sys.exit(main())
