"""One family of errors: each says what happened, where, and what to do about it."""

from __future__ import annotations

from typing import ClassVar


class SlpError(Exception):
    """Base of every error that a user may see.

    Attributes:
        code: stable identifier, explained by ``slp explain CODE``.
        what: one sentence; never holds device output that could carry a secret.
        where: file, line, router or service, as far as it is known.
        remedy: what the reader can do next.
    """

    code: ClassVar[str] = "SLP-E000"
    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head} ({self.remedy})" if self.remedy else head


class UsageError(SlpError):
    """Wrong usage, inventory, plan or configuration; nothing was touched."""

    code = "SLP-E100"
    exit_code = 2


class InputError(UsageError):
    """A file that a user gave cannot be used as it is."""

    code = "SLP-E101"


class InventoryError(UsageError):
    """The inventory is missing, incomplete or contradictory."""

    code = "SLP-E102"


class SecretError(UsageError):
    """A reference to a secret cannot be resolved."""

    code = "SLP-E103"


class TemplateError(UsageError):
    """A template asks for a value that was not given."""

    code = "SLP-E104"


class ReleaseError(UsageError):
    """A text is no IOS-XE release."""

    code = "SLP-E105"


class PlanMismatch(UsageError):
    """The plan does not fit what is there now (F47)."""

    code = "SLP-E106"


class RouterError(SlpError):
    """Something went wrong between us and one router."""

    code = "SLP-E200"


class ConnectFailed(RouterError):
    """The router does not answer on its management address."""

    code = "SLP-E201"


class AuthFailed(RouterError):
    """User name, password or the secret of enable was refused; never retried (F28)."""

    code = "SLP-E202"


class HostKeyRejected(RouterError):
    """The host key is unknown or has changed; refused before the password was sent (F32)."""

    code = "SLP-E203"


class SessionLost(RouterError):
    """The connection ended while it was in use."""

    code = "SLP-E204"


class DeadlineExceeded(RouterError):
    """The router did not finish within the step's deadline."""

    code = "SLP-E205"


class CommandRejected(RouterError):
    """The router refused a command (F19)."""

    code = "SLP-E206"


class PrivilegeMissing(RouterError):
    """The session has no privileged EXEC."""

    code = "SLP-E207"


class TransferFailed(RouterError):
    """A file did not arrive byte for byte (F21, F22)."""

    code = "SLP-E208"


class RouterTooLoud(RouterError):
    """The router prints more than any router has to say; the session was closed."""

    code = "SLP-E209"


class StepFailed(RouterError):
    """A step ended without the effect that it exists for."""

    code = "SLP-E210"


class NeverSent(RouterError):
    """Something else than one printable line would have gone to a router; nothing was sent."""

    code = "SLP-E211"


class StoreError(SlpError):
    """The store is locked, full, corrupt or of another version (F44)."""

    code = "SLP-E300"


class LeaseTaken(SlpError):
    """Another run holds this router (F43)."""

    code = "SLP-E301"


class ServiceError(SlpError):
    """CSSM, CSLU or SSM On-Prem answered with an error (F36)."""

    code = "SLP-E400"
