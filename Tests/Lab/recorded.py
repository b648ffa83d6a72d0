#!/usr/bin/env python3
"""Plays recorded answers of a service (Tests/Fixtures/Services/recorded.json): first each of those that it gives while
it does not serve, one for each question, then those that it gives once it does, in turn.

recorded.py NAME; listens on the ports of that name and prints which answer each question gets. A file /phase with the
name of one of the answers makes it give that one alone.
"""

import http.server
import json
import os
import sys
import threading

with open("/recorded.json") as file:
    service = json.load(file)[sys.argv[1]]
phases = [*service["not serving"].items(), *service["serving"].items()]
asked = 0
first = next(iter(phases[0][1]))


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        global asked
        path = self.path.partition("?")[0]
        # A check that asks several questions begins with the same one.
        if path == first:
            asked += 1
        index = max(asked, 1) - 1
        if index >= len(phases):
            index = len(service["not serving"]) + index % len(service["serving"])
        name, answers = phases[index]
        if os.path.exists("/phase"):
            with open("/phase") as file:
                name = file.read().strip()
            answers = dict(phases)[name]
        status, body = answers.get(path, [404, "not found"])
        print(f"{path}: {name}", flush=True)
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


for port in service["ports"]:
    server = http.server.ThreadingHTTPServer(("", port), Answer)
    threading.Thread(target=server.serve_forever).start()
