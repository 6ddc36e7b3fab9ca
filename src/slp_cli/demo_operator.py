"""The demo's operator as a process of its own: ``python -m slp_cli.demo_operator``."""

from __future__ import annotations

from slp_cli.main import run
from slp_lab.demo.operator import main

if __name__ == "__main__":
    main(run)
