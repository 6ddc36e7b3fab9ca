"""A reader that leaves early (``slp explain | head -1``) is no error."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "words", [["explain"], ["explain", "--json"], ["explain", "F07"], ["--help"], ["--version"]]
)
def test_a_reader_that_left_ends_slp_quietly_as_a_shell_knows_it(words):
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "slp_cli", *words],
            stdout=write,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (141, "")
