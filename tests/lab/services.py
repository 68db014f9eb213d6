"""services.py - what listens on a host of a lab: `echo PORT` over TCP and UDP, `http PORT` that answers anything with a line."""
import selectors
import socket

PAGE = b"the lab's server\n"
ANSWER = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(PAGE)


def opened(kind, port):
    """A socket of both families."""
    sock = socket.socket(socket.AF_INET6, kind)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("::", port))
    if kind == socket.SOCK_STREAM:
        sock.listen(128)
    return sock


def opened_all(wishes):
    """The sockets of lines like "echo 7", as (socket, service)."""
    pairs = []
    for service, port in (wish.split() for wish in wishes):
        pairs.append((opened(socket.SOCK_STREAM, int(port)), service))
        if service == "echo":
            pairs.append((opened(socket.SOCK_DGRAM, int(port)), "datagram"))
    return pairs


def converse(selector, sock, service):
    """Answers what came on a connection; False at its end."""
    data = sock.recv(65536)
    if data and service == "echo":
        sock.sendall(data)
        return True
    if data:
        sock.sendall(ANSWER if data.startswith(b"HEAD") else ANSWER + PAGE)
    selector.unregister(sock)
    sock.close()
    return False


def run(pairs):
    """Serves until the lab ends."""
    selector = selectors.DefaultSelector()
    for sock, service in pairs:
        selector.register(sock, selectors.EVENT_READ, (service, sock.type == socket.SOCK_STREAM))
    while True:
        for key, _ in selector.select():
            service, listens = key.data
            try:
                if service == "datagram":
                    data, sender = key.fileobj.recvfrom(65536)
                    key.fileobj.sendto(data, sender)
                elif listens:
                    selector.register(key.fileobj.accept()[0], selectors.EVENT_READ, (service, False))
                else:
                    converse(selector, key.fileobj, service)
            except ConnectionError:
                if not listens:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
