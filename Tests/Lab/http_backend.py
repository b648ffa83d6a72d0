#!/usr/bin/env python3
"""Serves the bare repositories of a folder over HTTP and HTTPS through git http-backend, for tests.

    /NAME.git          read only
    /private/NAME.git  the same repository behind basic authentication; pushing works here
    /flaky/NAME.git    the same, but the first clone or fetch is answered with 503
    /slow/...          accepts the request and never answers
"""

import argparse
import base64
import http.server
import os
import select
import ssl
import subprocess
import threading
import urllib.parse

CHUNK = 64 * 1024


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        route, path = self.route()
        if route == "slow":
            self.close_connection = True
            select.select([self.connection], [], [])  # until the client hangs up
            return
        user = None
        if route == "private":
            user = self.authenticated_user()
            if user is None:
                return self.refuse(401, {"WWW-Authenticate": 'Basic realm="lab"'})
        if route == "flaky" and path.endswith("/info/refs") and self.server.first_request(path):
            return self.refuse(503, {"Retry-After": "0"})
        self.run_backend(path, user)

    do_POST = do_GET

    def route(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        _, first, rest = (path.split("/", 2) + ["", ""])[:3]
        if first in ("slow", "private", "flaky"):
            return first, "/" + rest
        return "", path

    def authenticated_user(self):
        wanted = f"{self.server.user}:{self.server.password}"
        scheme, _, given = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "basic" and given.strip() == base64.b64encode(wanted.encode()).decode():
            return self.server.user
        return None

    def refuse(self, status, headers):
        self.close_connection = True  # a body that was sent along is not read
        self.send_response(status)
        for name, value in {**headers, "Content-Length": "0", "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()

    def run_backend(self, path, user):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "GIT_PROJECT_ROOT": self.server.root,
            "GIT_HTTP_EXPORT_ALL": "1",
            "GATEWAY_INTERFACE": "CGI/1.1",
            "SERVER_PROTOCOL": self.request_version,
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": urllib.parse.urlsplit(self.path).query,
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        if user is not None:
            environment["REMOTE_USER"] = user
        if "Content-Length" in self.headers:
            environment["CONTENT_LENGTH"] = self.headers["Content-Length"]
        backend = subprocess.Popen(
            ["git", "http-backend"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        feeder = threading.Thread(target=self.feed, args=(backend.stdin,), daemon=True)
        feeder.start()
        try:
            self.answer(backend.stdout)
            feeder.join()
        except OSError:
            self.close_connection = True  # the client has gone
        finally:
            backend.stdout.close()
            backend.kill()
            backend.wait()

    def feed(self, pipe):
        try:
            for piece in self.body():
                pipe.write(piece)
        except (OSError, ValueError):
            self.close_connection = True
        finally:
            try:
                pipe.close()
            except OSError:
                pass

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            while size := int(self.rfile.readline().split(b";")[0], 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            return
        left = int(self.headers.get("Content-Length", "0"))
        while left:
            piece = self.rfile.read(min(left, CHUNK))
            if not piece:
                raise ValueError("the body ended early")
            left -= len(piece)
            yield piece

    def answer(self, pipe):
        status, headers = 200, []
        while line := pipe.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            if name.lower() == "status":
                status = int(value.split()[0])
            else:
                headers.append((name, value.strip()))
        chunked = self.request_version == "HTTP/1.1" and not any(n.lower() == "content-length" for n, _ in headers)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while piece := pipe.read1(CHUNK):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 256

    def __init__(self, options, context=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.root, self.user, self.password = options.root, options.user, options.password
        self.context = context
        self.seen = set()
        self.lock = threading.Lock()

    def get_request(self):
        connection, address = super().get_request()
        if self.context:
            # The handshake happens in the connection's own thread, at its first read.
            connection = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def first_request(self, address):
        with self.lock:
            first = address not in self.seen
            self.seen.add(address)
            return first

    def handle_error(self, request, client_address):
        """Clients of a test hang up as they please."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", required=True, help="the folder that holds the bare repositories")
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--certificate", required=True, help="PEM file with the certificate and its key")
    parser.add_argument("--ports", required=True, help="file that is given both port numbers once both are open")
    options = parser.parse_args()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate)
    plain, encrypted = Server(options), Server(options, context)
    with open(options.ports + ".new", "w", encoding="ascii") as file:
        file.write(f"{plain.server_port} {encrypted.server_port}\n")
    os.rename(options.ports + ".new", options.ports)
    threading.Thread(target=encrypted.serve_forever, daemon=True).start()
    plain.serve_forever()


if __name__ == "__main__":
    main()
