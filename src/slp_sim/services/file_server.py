"""The lab's file server: what routers fetch and store by HTTP, TFTP, FTP and SCP."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import unquote, urlsplit

from slp_sim.formats import MAX_FILE_BYTES
from slp_sim.ports import FileReply, FileRequest

FILE_SERVER = "images.lab"
FILE_ADDRESS = "10.8.0.6"
Supplier = Callable[[], bytes | None]


class FileServer:
    """One server under one name and one address.

    Args:
        login: user name and password that SCP and FTP ask for; anybody by default.

    Attributes:
        files: contents by path, without the leading slash.
    """

    def __init__(self, login: tuple[str, str] | None = None) -> None:
        self.hosts = {FILE_SERVER, FILE_ADDRESS}
        self.files: dict[str, Supplier] = {}
        self._login = login

    def offer(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Puts files on the server."""
        self.files.update((plain(name), _supplier(data)) for name, data in files)

    def read(self, path: str) -> bytes | None:
        """Returns a file; None where there is none."""
        supplier = self.files.get(plain(path))
        return supplier() if supplier else None

    def handle(self, request: FileRequest) -> FileReply:
        """Hands a file out, or takes one."""
        where = urlsplit(request.url)
        asked = self._login is not None and where.scheme in ("scp", "ftp", "sftp")
        if asked and (request.username, request.password) != self._login:
            return FileReply(problem="denied")
        path = plain(unquote(where.path))
        if request.data is not None:
            if where.scheme in ("http", "https") or not path or len(request.data) > MAX_FILE_BYTES:
                return FileReply(problem="denied")
            self.files[path] = _supplier(request.data)
            return FileReply(data=b"")
        data = self.read(path)
        return FileReply(problem="no file") if data is None else FileReply(data=data)


def plain(path: str) -> str:
    """Returns a path as files are kept by: no slash before it, one between its parts."""
    return "/".join(part for part in path.split("/") if part not in ("", ".", ".."))


def _supplier(data: bytes) -> Supplier:
    return lambda: data
