"""Take the pictures of the documents anew: the status page of a demo, half a minute after its start."""

import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
PORT = 19_841
URL = f"http://127.0.0.1:{PORT}"
FIRST_FAULT_SECONDS = 35.0

QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def picture(folder: str, path: str, file: Path, size: str) -> None:
    """One page as a PNG."""
    command = ["chromium", *QUIET, f"--user-data-dir={folder}", f"--window-size={size}", f"--screenshot={file}"]
    subprocess.run([*command, URL + path], check=True, capture_output=True)  # noqa: S603  # its words are ours


def main() -> None:
    """Start a demo, wait for its first fault, and take its pictures."""
    demo = subprocess.Popen(  # noqa: S603  # its words are ours
        [sys.executable, "-m", "monitor", "demo", f"--web.listen-address=127.0.0.1:{PORT}"], cwd=ROOT
    )
    try:
        time.sleep(FIRST_FAULT_SECONDS)
        urllib.request.urlopen(f"{URL}/-/ready").close()  # noqa: S310  # our own demo
        with tempfile.TemporaryDirectory() as folder:
            picture(folder, "/", ROOT / "docs/images/status.png", "1280,760")
    finally:
        demo.terminate()
        demo.wait()


if __name__ == "__main__":
    main()
