"""web_peer.py - a web server that a few lines of a test script: what it answers, how long it takes, what it was asked."""
import contextlib
import socket
import threading

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Peer:
    """Answers each connection at `host`, in a thread of its own, by serve(connection, request)."""

    def __init__(self, serve=lambda c, _: c.sendall(OK), host="127.0.0.1", port=0, read=True, context=None):
        self.serve, self.read, self.context = serve, read, context
        self.requests, self.connections = [], 0
        self.socket = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=64)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                self.connections += 1
                threading.Thread(target=self.one, args=(connection,), daemon=True).start()

    def one(self, connection):
        with contextlib.suppress(OSError), connection:
            connection.settimeout(20)
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            request = b""
            while self.read and b"\r\n\r\n" not in request:
                piece = connection.recv(65536)
                if not piece:
                    break
                request += piece
            self.requests.append(request)
            self.serve(connection, request)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.port}{path}"
