"""Runs the originals, each round in a process of its own, since children may outlive a pipeline."""

import json
import multiprocessing
import resource
import statistics
import subprocess
import sys

import buffers
import chunks
import maps
import pipelines

ROUNDS = 5
LIMIT_S = 120

# What each does, in how many items.
SYSTEMS = {
    "parallel-conveyor": {"relay": (pipelines.COUNT, pipelines.relay)},
    "pasha": {
        "map-elements": (maps.ELEMENTS, maps.elements),
        "map-rows": (maps.ROWS, maps.rows),
        "map-empty": (1, maps.empty),
    },
    "mpaio": {"map-chunks": (chunks.CHUNKS, chunks.empty)},
    "concurrent-buffer": {"batches": (buffers.BATCHES, buffers.batches)},
    "parallel-buffer": {"hand-offs": (buffers.CHUNKS, buffers.hand_offs)},
}


def one(name, workload):
    seconds = SYSTEMS[name][workload][1]()
    for child in multiprocessing.active_children():
        child.terminate()
        child.join()
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_s = sum(usage.ru_utime + usage.ru_stime for usage in used)
    peak_rss_mib = max(usage.ru_maxrss for usage in used) / 1024
    print(json.dumps([seconds, cpu_s, peak_rss_mib]))


def sample(name, workload):
    command = [sys.executable, __file__, "one", name, workload]
    said = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=True).stdout
    return json.loads(said)


def measure(name, workload, items):
    line = {"workload": workload, "system": name, "context": "processes"}
    try:
        samples = [sample(name, workload) for _ in range(ROUNDS)]
    except (subprocess.SubprocessError, json.JSONDecodeError) as fault:
        why = "timeout" if isinstance(fault, subprocess.TimeoutExpired) else "failed"
        return {**line, "fault": why, "said": (getattr(fault, "stderr", None) or "")[-300:]}
    seconds, cpu_s, peak_rss_mib = zip(*samples)
    median_s = statistics.median(seconds)
    return {
        **line,
        "median_s": median_s,
        "min_s": min(seconds),
        "max_s": max(seconds),
        "per_s": round(items / median_s),
        "cpu_s": statistics.median(cpu_s),
        "peak_rss_mib": statistics.median(peak_rss_mib),
        "placement": "not probed",
        "samples": len(samples),
    }


def main(wanted):
    for name, workloads in SYSTEMS.items():
        for workload, (items, _) in workloads.items():
            if not wanted or workload in wanted:
                print(json.dumps(measure(name, workload, items)), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        one(*sys.argv[2:])
    else:
        main(sys.argv[1:])
