"""LibreOffice without a screen: opens a file as the customer's office program does."""

import subprocess
from pathlib import Path

import pytest

SOFFICE = Path("/usr/bin/soffice")
# every sheet of a workbook becomes a csv of its own, as shown: separator, quote, UTF-8, all sheets
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
TEXT = "txt:Text (encoded):UTF8"


def convert(wanted: str, folder: Path, *files: Path) -> None:
    """Open files and save them in another form, in one start of the program."""
    if not SOFFICE.exists():
        pytest.skip("LibreOffice is not installed")
    profile = (folder / "profile").as_uri()
    command = [str(SOFFICE), f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", wanted, "--outdir", str(folder), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
