#!/usr/bin/env python3
"""Two image registries on free loopback ports, until standard input ends; prints both ports, the one that wants a
login last (name: lab, password: secret).

What they have: `tiny:1`, a program that sleeps (its layers go slowly under `slow/`); `elsewhere:1`, which is for no
processor that exists here; `alien:1`, whose program is for another processor. Under every name before the last slash.
"""

import base64
import gzip
import hashlib
import http.server
import io
import json
import os
import platform
import re
import subprocess
import sys
import tarfile
import threading
import time

ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
OTHER = "riscv64"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
SLOW = 3_000_000  # Bytes a second.

blobs = {}
manifests = {}


def keep(data):
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    blobs[digest] = data
    return digest


def layer(files):
    """A layer of (path, content, mode)."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for path, content, mode in files:
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.size, entry.mode = len(content), mode
            archive.addfile(entry, io.BytesIO(content))
    return plain.getvalue()


def image(layers, command, architecture):
    """Keeps an image, and returns its manifest."""
    packed = [(plain, gzip.compress(plain, 1)) for plain in layers]
    config = json.dumps({
        "architecture": architecture, "os": "linux", "config": {"Cmd": command},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(p).hexdigest() for p, _ in packed]},
    }).encode()
    return json.dumps({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": {
            "mediaType": "application/vnd.docker.container.image.v1+json", "size": len(config), "digest": keep(config)
        },
        "layers": [
            {"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": len(data), "digest": keep(data)}
            for _, data in packed
        ],
    }).encode()


def program(path):
    """A program with the libraries that it loads, as files of a layer."""
    told = subprocess.run(["ldd", path], capture_output=True, text=True, check=True).stdout
    names = [path, *re.findall(r"(/\S+) \(0x", told)]
    return [(name, open(name, "rb").read(), 0o755) for name in names]


def fill():
    tiny = [layer(program("/bin/sleep")), *(layer([(f"filling/{n}", os.urandom(4 << 20), 0o644)]) for n in range(2))]
    manifests["tiny"] = (MANIFEST, image(tiny, ["/bin/sleep", "600"], ARCHITECTURE))
    foreign = image([layer([("filling/foreign", b"x", 0o644)])], ["/bin/sleep", "600"], OTHER)
    manifests["elsewhere"] = (LIST, json.dumps({
        "schemaVersion": 2, "mediaType": LIST,
        "manifests": [{
            "mediaType": MANIFEST, "size": len(foreign), "digest": keep(foreign),
            "platform": {"architecture": OTHER, "os": "linux"},
        }],
    }).encode())
    # The head of an ELF file for RISC-V: the kernel knows the format and not the processor.
    head = bytearray(open("/bin/sleep", "rb").read())
    head[18:20] = (243).to_bytes(2, "little")
    manifests["alien"] = (MANIFEST, image([layer([("bin/sleep", bytes(head), 0o755)])], ["/bin/sleep"], ARCHITECTURE))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        login = "Basic " + base64.b64encode(b"lab:secret").decode()
        if self.server.wants_login and self.headers.get("Authorization") != login:
            return self.answer(
                401, b'{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}',
                {"WWW-Authenticate": 'Basic realm="lab"'},
            )
        if self.path == "/v2/":
            return self.answer(200, b"{}")
        found = re.fullmatch(r"/v2/(.+)/(manifests|blobs)/([^/]+)", self.path)
        if found:
            name, kind, reference = found.groups()
            if kind == "blobs" and reference in blobs:
                return self.answer(200, blobs[reference], {"Docker-Content-Digest": reference}, name.startswith("slow/"))
            content = manifests.get(name.rsplit("/", 1)[-1]) if kind == "manifests" else None
            if content and (reference == "1" or reference.startswith("sha256:")):
                media, data = (MANIFEST, blobs[reference]) if reference in blobs else content
                digest = "sha256:" + hashlib.sha256(data).hexdigest()
                return self.answer(200, data, {"Content-Type": media, "Docker-Content-Digest": digest})
        self.answer(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}')

    def answer(self, status, data, headers={}, is_slow=False):
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Docker-Distribution-Api-Version": "registry/2.0",
                            "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        piece = SLOW // 10 if is_slow else len(data) or 1
        for start in range(0, len(data), piece):
            self.wfile.write(data[start:start + piece])
            if is_slow:
                time.sleep(0.1)


def main():
    fill()
    for wants_login in (False, True):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.wants_login = wants_login
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
