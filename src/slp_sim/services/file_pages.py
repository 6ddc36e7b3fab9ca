"""The lab's file server for a person: what routers stored there, and files for them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from slp_sim.formats import MAX_FILE_BYTES
from slp_sim.lab import Lab


def file_routes(lab: Lab) -> list[Route]:
    """Returns ``/files`` (the list) and ``/files/PATH`` (one file: GET, PUT)."""
    server = lab.network.files

    async def listing(_request: Request) -> Response:
        with lab.lock:
            return JSONResponse(sorted(server.files))

    async def read(request: Request) -> Response:
        with lab.lock:
            data = server.read(request.path_params["path"])
        if data is None:
            return JSONResponse({"error": "there is no such file"}, 404)
        return Response(data, media_type="application/octet-stream")

    async def write(request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin and origin != f"http://{request.headers.get('host')}":
            return JSONResponse({"error": "posted from another site"}, 403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_FILE_BYTES:
                return JSONResponse({"error": "the file is too large"}, 413)
        with lab.lock:
            server.offer([(request.path_params["path"], bytes(body))])
        return JSONResponse({"bytes": len(body)}, 201)

    return [
        Route("/files", listing),
        Route("/files/{path:path}", read, methods=["GET"]),
        Route("/files/{path:path}", write, methods=["PUT"]),
    ]
