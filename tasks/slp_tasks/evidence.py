"""Outputs as evidence: files by hash, masked of what is secret or looks like it (F31)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from slp_core.captures import slug
from slp_core.private_files import private_folder, write_private
from slp_core.secret_lines import MASK
from slp_core.secrets import REDACTOR
from slp_tasks.step import StepContext

_CONFIGS = ("show running-config", "show startup-config")
_KEPT_SECRET = re.compile(
    r"(?im)^([^\n!]*?\b(?:password|secret|community|key|key-string|passphrase|pre-shared-key|"
    r"authentication-key|shared-secret)"
    r"(?:[ \t]+(?:[0-9]|ascii|hex|encrypted|clear|md5|local|remote))*[ \t]+)(?!chain\b|\d\b)(\S+)"
)


def masked(command: str, text: str) -> str:
    """Returns an output without secrets.

    In configurations every value of a password, key or community is masked, in whatever form it
    stands there; a configuration byte for byte is only in the backup.
    """
    text = REDACTOR.mask(text)
    return _KEPT_SECRET.sub(lambda m: m[1] + MASK, text) if command in _CONFIGS else text


def keep_evidence(ctx: StepContext, outputs: Mapping[str, str]) -> list[str]:
    """Writes outputs as captures of this step; returns ``sha256 name`` of each file."""
    found = []
    for command, text in outputs.items():
        data = (masked(command, text) + "\n").encode()
        path = ctx.files.write("evidence", f"{slug(command)}__{ctx.step.id}.txt", data)
        found.append(f"{hashlib.sha256(data).hexdigest()} {path.name}")
    return found


def write_outputs(folder: Path, outputs: Mapping[str, str]) -> None:
    """Writes outputs as captures, readable by their owner alone."""
    private_folder(folder)
    for command, text in outputs.items():
        write_private(folder / f"{slug(command)}.txt", masked(command, text) + "\n")
