"""HTTP on loopback: a threaded server that ends at once, and a request to another server."""

from __future__ import annotations

import http.client
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

HOST = "127.0.0.1"

# What concerns one connection only, and is not passed on; bodies get a length of their own.
_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect"}

Address = tuple[str, int]
Headers = Iterable[tuple[str, str]]


class Reply(NamedTuple):
    """A response, whole in memory."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Handler(BaseHTTPRequestHandler):
    """One connection; every request on it goes to the server's `respond`."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def _respond(self) -> None:
        self.server.respond(self)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_PATCH = _respond  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Nothing: what was asked is seen in what the tests record."""

    def content(self) -> bytes:
        """The body of the request."""
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers
        return b"".join(chunks)

    def answer(self, reply: Reply) -> None:
        """Send a reply; its body only where the method has one."""
        head, body = self.wire(reply)
        self.wfile.write(head + body)

    def wire(self, reply: Reply) -> tuple[bytes, bytes]:
        """The bytes of a reply: its head and its body."""
        named = {name.lower() for name, _ in reply.headers}
        lines = [f"HTTP/1.1 {reply.status} {http.client.responses.get(reply.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in reply.headers if name.lower() not in _HOP]
        if "content-length" not in named and reply.status != http.client.NO_CONTENT:
            lines.append(f"Content-Length: {len(reply.body)}")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        return head, b"" if self.command == "HEAD" else reply.body


class Server(ThreadingHTTPServer):
    """Listens on a free port of loopback from the start; `close` ends it and its connections."""

    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, respond: Callable[[Handler], None]) -> None:
        super().__init__((HOST, 0), Handler)
        self.respond = respond
        self.address: Address = (HOST, self.server_port)
        self.url = f"http://{HOST}:{self.server_port}"
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def server_bind(self) -> None:
        """As HTTPServer's, without asking the resolver for a name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def close(self) -> None:
        """Stop listening, cut the connections and wait for their threads."""
        self.socket.shutdown(socket.SHUT_RDWR)  # which wakes `accept`
        self._thread.join()
        with self._lock:
            left = dict(self._connections)
        for connection in left:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it ended by itself
        for thread in left.values():
            thread.join(10)
        self.server_close()

    def _accept(self) -> None:
        # Not `serve_forever`: that polls, and so takes its time to end.
        while True:
            try:
                connection, address = self.socket.accept()
            except OSError:
                return
            self.process_request(connection, address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections[request] = threading.current_thread()
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                del self._connections[request]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def ask(
    address: Address, method: str, path: str, headers: Headers = (), body: bytes = b""
) -> Reply:
    """Send a request as it is, the Host and its signature included; OSError or HTTPException."""
    connection = http.client.HTTPConnection(*address)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            if name.lower() not in _HOP | {"content-length"}:
                connection.putheader(name, value)
        if body or method in ("PUT", "POST"):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        response = connection.getresponse()
        return Reply(response.status, tuple(response.getheaders()), response.read())
    finally:
        connection.close()


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on at the moment."""
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in sockets]
    for listener in sockets:
        listener.close()
    return ports
