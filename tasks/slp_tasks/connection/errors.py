"""The one place where errors of client libraries become ours.

Looked up by name, so that no library is imported only to be translated. A test goes through every
exception class of every library and fails where one is missing.
"""

from __future__ import annotations

import re

from slp_core.errors import (
    AuthFailed,
    CommandRejected,
    ConnectFailed,
    DeadlineExceeded,
    HostKeyRejected,
    InventoryError,
    PrivilegeMissing,
    RouterError,
    SessionLost,
    SlpError,
    TransferFailed,
)
from slp_core.secrets import REDACTOR

_REMEDIES: dict[type[SlpError], str] = {
    AuthFailed: "check the login, which is not tried again by itself; then `slp retry`",
    ConnectFailed: "check address, port and reachability, then `slp retry`",
    HostKeyRejected: "compare the key with the router's console, then correct known_hosts",
    SessionLost: "the step looks again before it repeats anything",
    DeadlineExceeded: "see whether the router is busy, then resume",
    InventoryError: "check data.slp and connection_options of the host",
    PrivilegeMissing: "use a user of privilege 15 or give data.slp.enable",
    TransferFailed: "check free space and `ip scp server enable`, then resume",
}

_TABLE: dict[str, type[SlpError]] = {
    # scrapli and our transports
    "scrapli_slpssh2.transport.HostKeyRefused": HostKeyRejected,
    "scrapli_slpssh2.transport.ConnectTimeout": ConnectFailed,
    "scrapli_slpfake.transport.FileRefused": TransferFailed,
    "scrapli.exceptions.ScrapliModuleNotFound": InventoryError,
    "scrapli.exceptions.ScrapliTypeError": InventoryError,
    "scrapli.exceptions.ScrapliValueError": InventoryError,
    "scrapli.exceptions.ScrapliUnsupportedPlatform": InventoryError,
    "scrapli.exceptions.ScrapliTransportPluginError": InventoryError,
    "scrapli.exceptions.ScrapliConnectionNotOpened": ConnectFailed,
    "scrapli.exceptions.ScrapliAuthenticationFailed": AuthFailed,
    "scrapli.exceptions.ScrapliConnectionError": SessionLost,
    "scrapli.exceptions.ScrapliTimeout": DeadlineExceeded,
    "scrapli.exceptions.ScrapliCommandFailure": CommandRejected,
    "scrapli.exceptions.ScrapliPrivilegeError": PrivilegeMissing,
    "scrapli.exceptions.ScrapliException": RouterError,
    "nornir_scrapli.exceptions.NornirScrapliInvalidPlatform": InventoryError,
    "nornir_scrapli.exceptions.NornirScrapliNoConfigModeGenericDriver": InventoryError,
    "nornir_scrapli.exceptions.NornirScrapliException": RouterError,
    # libssh2
    "ssh2.exceptions.AuthenticationError": AuthFailed,
    "ssh2.exceptions.Timeout": DeadlineExceeded,
    "ssh2.exceptions.SocketTimeout": DeadlineExceeded,
    "ssh2.exceptions.SSH2Error": SessionLost,
    # netmiko and paramiko
    "netmiko.exceptions.NetmikoAuthenticationException": AuthFailed,
    "netmiko.exceptions.NetmikoTimeoutException": ConnectFailed,
    "netmiko.exceptions.ReadTimeout": DeadlineExceeded,
    "netmiko.exceptions.ReadException": SessionLost,
    "netmiko.exceptions.WriteException": SessionLost,
    "netmiko.exceptions.ConnectionException": SessionLost,
    "netmiko.exceptions.ConfigInvalidException": CommandRejected,
    "netmiko.exceptions.NetmikoBaseException": RouterError,
    "slp_tasks.connection.netmiko_ssh.HostKeyRefused": HostKeyRejected,
    "paramiko.ssh_exception.AuthenticationException": AuthFailed,
    "paramiko.ssh_exception.BadHostKeyException": HostKeyRejected,
    "paramiko.ssh_exception.NoValidConnectionsError": ConnectFailed,
    "paramiko.ssh_exception.ConfigParseError": InventoryError,
    "paramiko.ssh_exception.CouldNotCanonicalize": InventoryError,
    "paramiko.ssh_exception.SSHException": SessionLost,
    # asyncssh (SCP)
    "asyncssh.misc.HostKeyNotVerifiable": HostKeyRejected,
    "asyncssh.misc.PermissionDenied": AuthFailed,
    "asyncssh.misc.IllegalUserName": AuthFailed,
    "asyncssh.misc.PasswordChangeRequired": AuthFailed,
    "asyncssh.misc.ConnectionLost": SessionLost,
    "asyncssh.misc.DisconnectError": ConnectFailed,
    "asyncssh.misc.ChannelOpenError": ConnectFailed,
    "asyncssh.misc.ChannelListenError": ConnectFailed,
    "asyncssh.packet.PacketDecodeError": SessionLost,
    "asyncssh.misc.BreakReceived": SessionLost,
    "asyncssh.misc.SignalReceived": SessionLost,
    "asyncssh.misc.SoftEOFReceived": SessionLost,
    "asyncssh.misc.TerminalSizeChanged": SessionLost,
    "asyncssh.public_key.KeyImportError": InventoryError,
    "asyncssh.public_key.KeyExportError": InventoryError,
    "asyncssh.public_key.KeyGenerationError": InventoryError,
    "asyncssh.pbe.KeyEncryptionError": InventoryError,
    "asyncssh.config.ConfigParseError": InventoryError,
    "asyncssh.process.ProcessError": TransferFailed,
    "asyncssh.misc.Error": RouterError,
    "asyncssh.sftp.SFTPError": TransferFailed,
    # Nornir
    "nornir.core.exceptions.PluginNotRegistered": InventoryError,
    "nornir.core.exceptions.PluginAlreadyRegistered": InventoryError,
    "nornir.core.exceptions.ConflictingConfigurationWarning": InventoryError,
    "nornir.core.exceptions.NornirExecutionError": RouterError,
    "nornir.core.exceptions.NornirSubTaskError": RouterError,
    "nornir.core.exceptions.NornirNoValidInventoryError": InventoryError,
    "nornir.core.exceptions.ConnectionException": RouterError,
    # the machine
    "builtins.TimeoutError": DeadlineExceeded,
    "builtins.EOFError": SessionLost,
    "builtins.ConnectionError": SessionLost,
    "builtins.OSError": ConnectFailed,
}
_HOST_KEY = re.compile(r"host key|not found in known_hosts", re.IGNORECASE)
_IN_CHANNEL = (  # said by OpenSSH and paramiko, reported as something else by scrapli and netmiko
    (_HOST_KEY, HostKeyRejected),
    (re.compile(r"timed out|no route|resolve|no matching", re.IGNORECASE), ConnectFailed),
)


def remedy_for(kind: type[SlpError]) -> str | None:
    """Returns what to do about an error of reaching a router."""
    return _REMEDIES.get(kind)


def class_for(kind: type[BaseException]) -> type[SlpError] | None:
    """Returns our class for a library's class; ``None`` where nobody has thought of it."""
    for base in kind.__mro__:
        found = _TABLE.get(f"{base.__module__}.{base.__qualname__}")
        if found is not None:
            return found
    return None


def ours(error: BaseException, where: str, *, opening: bool = False) -> SlpError:
    """Returns ``error`` as one of ours, without secrets and with a remedy.

    Args:
        where: the router.
        opening: the connection was being made: what ends it then is a failure to connect.
    """
    if isinstance(error, SlpError):
        return error
    kind = class_for(type(error)) or RouterError
    text = REDACTOR.mask(str(error)).strip().splitlines()
    if kind in (AuthFailed, ConnectFailed):
        text = [line for line in text if _HOST_KEY.search(line)] or text
        kind = next((k for p, k in _IN_CHANNEL if text and p.search(text[0])), kind)
    if opening and kind in (SessionLost, DeadlineExceeded):
        kind = ConnectFailed
    said = text[0][:300] if text else type(error).__name__
    return kind(said, where=where, remedy=_REMEDIES.get(kind))
