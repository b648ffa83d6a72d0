"""What the benchmarks share: building devinit, finding the others, measuring sides in turn."""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def say(text):
    print(text, file=sys.stderr, flush=True)


def arguments(description, runs):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--runs", type=int, default=runs, help=f"measured runs of each side (default {runs})")
    parser.add_argument("--devinit", type=pathlib.Path, help="a devinit that is built already")
    parser.add_argument("--keep", type=pathlib.Path, help="make the workspace here and leave it")
    return parser.parse_args()


def build():
    """What people install: scripts/build makes it."""
    say("building devinit …")
    built = subprocess.run([ROOT / "scripts/build"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return pathlib.Path(built.stdout.strip()) / "devinit"


def go_task():
    """go-task from PyPI, in a virtual environment of its own; None where it can't be had."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "devinit-benchmarks"
    program = cache / "venv/bin/task"
    if not program.exists():
        say("fetching go-task (PyPI: go-task-bin) …")
        try:
            subprocess.run([sys.executable, "-m", "venv", cache / "venv"], check=True, stdout=sys.stderr)
            subprocess.run(
                [cache / "venv/bin/pip", "install", "--quiet", "go-task-bin"], check=True, stdout=sys.stderr
            )
        except (OSError, subprocess.CalledProcessError) as error:
            say(f"go-task is left out: {error}")
            return None
    return program if program.exists() else None


def make():
    found = shutil.which("make")
    if not found:
        say("make is left out: it is not installed")
    return found


class Workspace:
    """A folder that goes away, or the one named by --keep, with records of its own."""

    def __init__(self, keep):
        self.kept = keep
        self.base = keep or pathlib.Path(tempfile.mkdtemp(prefix="devinit-benchmark-"))
        if keep:
            shutil.rmtree(keep, ignore_errors=True)
            keep.mkdir(parents=True)
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("DEVINIT_")},
            "XDG_STATE_HOME": str(self.base / "state"),
            "XDG_CONFIG_HOME": str(self.base / "config"),
        }
        self.environment.pop("CI", None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if not self.kept:
            shutil.rmtree(self.base, ignore_errors=True)

    def write(self, path, text):
        place = self.base / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        return place

    def run(self, words, folder=".", check=True):
        done = subprocess.run(
            [str(word) for word in words], cwd=self.base / folder, env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True,
        )
        if check and done.returncode != 0:
            sys.exit(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done

    def once(self, words, folder):
        """Wall seconds, processor seconds of the process with its children, peak memory in MB."""
        begin = time.perf_counter()
        child = subprocess.Popen(
            [str(word) for word in words], cwd=self.base / folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"{' '.join(map(str, words))} ended with {child.returncode}")
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(workspace, sides, runs):
    """Runs every side once in turn, `runs` times, after one turn that does not count; prints a table.

    `sides` is a list of (name, words, folder), devinit first. Returns two tables by name: median wall seconds, and the
    highest peak memory in MB.
    """
    found = {name: [] for name, _, _ in sides}
    for turn in range(runs + 1):
        for name, words, folder in sides:
            taken = workspace.once(words, folder)
            if turn > 0:
                found[name].append(taken)
    medians = {name: statistics.median(wall for wall, _, _ in taken) for name, taken in found.items()}
    peaks = {name: max(memory for _, _, memory in taken) for name, taken in found.items()}
    ours = medians[sides[0][0]]
    print(f"| side | median ms | least ms | processor ms | peak MB | against {sides[0][0]} |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, taken in found.items():
        walls, processor, _ = zip(*taken)
        print(
            f"| {name} | {medians[name] * 1000:.1f} | {min(walls) * 1000:.1f} "
            f"| {statistics.median(processor) * 1000:.1f} | {peaks[name]:.0f} | {medians[name] / ours:.2f} × |"
        )
    print(f"\n{runs} runs of each side, in turn; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    return medians, peaks


def bar(text, holds):
    print(f"{'holds' if holds else 'MISSED'}: {text}")
    return holds
