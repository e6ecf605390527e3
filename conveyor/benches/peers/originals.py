"""Runs the originals, each round in a process of its own, since children may outlive a pipeline."""

import json
import multiprocessing
import resource
import statistics
import subprocess
import sys
import time

ROUNDS = 5
LIMIT_S = 120
COUNT = 100_000
KEY = 0x5555


def add(x):
    return x + 1


def triple(x):
    return x * 3


def mask(x):
    return x ^ KEY


def fold(total, x):
    return (total * 31 + x) % 2**64


def parallel_conveyor():
    """Until the last output, through three processors and a last one that folds. It opens within this time, since a
    pipeline that is changed has to be opened anew; that takes a few milliseconds."""
    from conveyor.pipeline import Pipeline
    from conveyor.stages import Processor

    done = multiprocessing.Queue()
    seen = total = 0

    def last(x):
        nonlocal seen, total
        seen += 1
        total = fold(total, x)
        if seen == COUNT:
            done.put((time.monotonic(), total))
        return x

    with Pipeline() as relay:
        for work in [add, triple, mask, last]:
            relay.add(Processor(work))
        began = time.monotonic()
        relay.run(list(range(1, COUNT + 1)))
        ended, digest = done.get(timeout=LIMIT_S)
    expected = 0
    for x in range(1, COUNT + 1):
        expected = fold(expected, mask(triple(add(x))))
    assert digest == expected, "numbers were lost, doubled or damaged"
    return ended - began


SYSTEMS = {"parallel-conveyor": ("relay", "processes", COUNT, parallel_conveyor)}


def one(name):
    seconds = SYSTEMS[name][3]()
    for child in multiprocessing.active_children():
        child.terminate()
        child.join()
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_s = sum(usage.ru_utime + usage.ru_stime for usage in used)
    peak_rss_mib = max(usage.ru_maxrss for usage in used) / 1024
    print(json.dumps([seconds, cpu_s, peak_rss_mib]))


def main():
    for name, (workload, context, items, _) in SYSTEMS.items():
        samples = []
        for _ in range(ROUNDS):
            command = [sys.executable, __file__, "one", name]
            try:
                said = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=True).stdout
                samples.append(json.loads(said))
            except (subprocess.SubprocessError, json.JSONDecodeError) as fault:
                why = "timeout" if isinstance(fault, subprocess.TimeoutExpired) else "failed"
                print(json.dumps({"workload": workload, "system": name, "context": context, "fault": why}))
                break
        else:
            seconds, cpu_s, peak_rss_mib = zip(*samples)
            median_s = statistics.median(seconds)
            line = {
                "workload": workload,
                "system": name,
                "context": context,
                "median_s": median_s,
                "min_s": min(seconds),
                "max_s": max(seconds),
                "per_s": round(items / median_s),
                "cpu_s": statistics.median(cpu_s),
                "peak_rss_mib": statistics.median(peak_rss_mib),
                "placement": "not probed",
                "samples": len(samples),
            }
            print(json.dumps(line))


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        one(sys.argv[2])
    else:
        main()
