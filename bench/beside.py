"""Does a proof that spends its budget slow a server down? `python bench/beside.py [seconds]`, by default 20 for each measurement.

An embedded tenant is served by a process of its own and asked for pages of people, one after the other; then again while `perca prove` works on
a hostile set (bench/hostile.py) in another process. Printed: the median and the 99th percentile of the time for a page, idle and beside the
proof, and their ratio; the limit is twice. The loopback only.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from hostile import hostile  # noqa: E402

PERCA = Path(sys.executable).with_name("perca")
SECRET = "of-this-measurement"
LIMIT = 2.0


def pages(address: str, seconds: float, stop: subprocess.Popen[bytes] | None = None) -> list[float]:
    """Seconds for each page until time is up, or the proof is done."""
    found = []
    end = time.monotonic() + seconds
    with httpx2.Client(headers={"Authorization": f"Bearer {SECRET}"}) as client:
        while time.monotonic() < end and (stop is None or stop.poll() is None):
            start = time.perf_counter()
            client.get(f"{address}/v1.0/users", params={"$top": "100"}).raise_for_status()
            found.append(time.perf_counter() - start)
            time.sleep(0.005)
    return found


def told(name: str, times: list[float]) -> float:
    late = statistics.quantiles(times, n=100)[98]
    print(
        f"{name:24}{len(times):8,} pages   median {statistics.median(times) * 1e3:7.2f} ms   p99 {late * 1e3:7.2f} ms"
    )
    return late


def main(seconds: float = 20.0) -> int:
    with tempfile.TemporaryDirectory() as folder:
        database, snapshot = Path(folder) / "tenant.db", Path(folder) / "hostile.json"
        subprocess.run(
            [PERCA, "tenant", "seed", "--people", "5000", "--seed", "1", "--db", database],
            check=True,
            capture_output=True,
        )
        snapshot.write_text(json.dumps(hostile("groups", 100, 5_000)), "utf-8")
        server = subprocess.Popen(
            [PERCA, "tenant", "serve", "--db", database],
            stdout=subprocess.PIPE,
            env={**os.environ, "PERCA_SECRET": SECRET},
        )
        proof: subprocess.Popen[bytes] | None = None
        try:
            assert server.stdout is not None
            address = server.stdout.readline().decode().strip()
            pages(address, 2)
            idle = told("idle", pages(address, seconds))
            proof = subprocess.Popen(
                [PERCA, "prove", snapshot, "--most-seconds", str(seconds * 2), "--json"],
                stdout=subprocess.DEVNULL,
            )
            time.sleep(2)
            beside = told("beside a hostile proof", pages(address, seconds, proof))
            again = told("idle again", pages(address, seconds / 2)) if proof.poll() is not None else idle
        finally:
            for process in (proof, server):
                if process is not None and process.poll() is None:
                    process.terminate()
                    process.wait(20)
    ratio = beside / min(idle, again)
    print(f"p99 beside the proof: {ratio:.2f} times idle (limit {LIMIT:g})")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
