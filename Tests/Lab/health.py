#!/usr/bin/env python3
"""Runs the own health checks of containers once, all at the same time, and prints whether each succeeded.

health.py NAME=CONTAINER...; a check that has not ended after 4 seconds has failed, as for the engine after its limit.
"""

import json
import subprocess
import sys
import threading

LIMIT = 4  # Seconds.
found = {}


def run(name, container):
    told = subprocess.run(["docker", "inspect", container], check=True, capture_output=True).stdout
    test = json.loads(told)[0]["Config"]["Healthcheck"]["Test"]
    words = ["sh", "-c", test[1]] if test[0] == "CMD-SHELL" else test[1:]
    command = ["docker", "exec", container, "timeout", "-k", "1", str(LIMIT), *words]
    found[name] = subprocess.run(command, capture_output=True).returncode == 0


threads = [threading.Thread(target=run, args=word.split("=", 1)) for word in sys.argv[1:]]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for name in sorted(found):
    print(f"{name}: {'healthy' if found[name] else 'not healthy'}")
