"""The folder of one lab: ``.slp/lab/<name>``."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import secrets
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slp_core.errors import UsageError
from slp_core.private_files import private_folder, write_private
from slp_core.secrets import REDACTOR

_LABS = Path(".slp") / "lab"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class LabFolder:
    """Where a lab keeps what it writes.

    ``lab.json`` stands there while the lab answers, ``secrets.env`` (0600) from its start until
    it is stopped, unless every secret came from the environment.
    """

    root: Path

    @classmethod
    def named(cls, name: str) -> LabFolder:
        """Returns the folder of the lab of this name, below the working directory.

        Raises:
            UsageError: the name is no plain file name.
        """
        if not _NAME.fullmatch(name):
            raise UsageError(f"{name!r} is no name for a lab", remedy="letters, digits, . _ -")
        return cls(_LABS / name)

    @classmethod
    def all(cls) -> list[LabFolder]:
        """Returns every lab that has a folder here."""
        return [cls(p) for p in sorted(_LABS.glob("*")) if p.is_dir()]

    @property
    def name(self) -> str:
        """The lab's name."""
        return self.root.name

    @property
    def secrets_file(self) -> Path:
        """Shell assignments of what the environment did not hold."""
        return self.root / "secrets.env"

    @property
    def log(self) -> Path:
        """What a detached lab has to say."""
        return self.root / "lab.log"

    @property
    def inventory(self) -> Path:
        """The inventory that drives the lab."""
        return self.root / "inventory"

    def facts(self) -> dict[str, Any] | None:
        """Returns ``lab.json`` of a lab that answers; None where it does not."""
        try:
            found = json.loads((self.root / "lab.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if self.held() and isinstance(found, dict) else None

    @contextlib.contextmanager
    def claim(self) -> Iterator[None]:
        """Holds the folder for the lab's process; a second one is refused.

        Raises:
            UsageError: a lab of this name runs already.
        """
        private_folder(self.root)
        with (self.root / "lock").open("w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise UsageError(
                    f"a lab named {self.name} runs already",
                    remedy=f"slp lab stop {self.name}, or give another --name",
                ) from error
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def held(self) -> bool:
        """Tells whether a process holds the folder: whether the lab runs."""
        try:
            with (self.root / "lock").open(encoding="utf-8") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return False

    def pid(self) -> int | None:
        """Returns the lab's process, where it runs."""
        if not self.held():
            return None
        with contextlib.suppress(OSError, ValueError):
            return int((self.root / "lock").read_text(encoding="utf-8"))
        return None

    def write_secrets(self, made: Mapping[str, str]) -> None:
        """Writes what was made up for this lab, readable by its owner alone."""
        self.forget_secrets()
        if made:
            lines = [f"export {name}={shlex.quote(value)}\n" for name, value in made.items()]
            write_private(self.secrets_file, "".join(lines))

    def forget_secrets(self) -> None:
        """Removes the file of secrets."""
        self.secrets_file.unlink(missing_ok=True)


def secrets_for(references: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Returns the values of all ``env:`` references of a scenario, and those made up among them.

    Values come from the environment; what it lacks is random. All are masked from now on.
    """
    values: dict[str, str] = {}
    made: dict[str, str] = {}
    for reference in references:
        scheme, _, name = reference.partition(":")
        if scheme != "env":
            continue
        value = os.environ.get(name)
        if not value:
            value = made[name] = secrets.token_urlsafe(24)
        REDACTOR.add(value)
        values[name] = value
    return values, made
