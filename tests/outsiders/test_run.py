"""The launcher hands over to the environment's own programs, Python included."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_benchmarks_start_with_the_python_that_has_their_packages() -> None:
    done = subprocess.run([ROOT / "run", "bench", "--help"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--markdown" in done.stdout
