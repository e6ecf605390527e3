"""The relay, by parallel-conveyor."""

import multiprocessing
import time

COUNT = 100_000
LIMIT_S = 120
KEY = 0x5555


def add(x):
    return x + 1


def triple(x):
    return x * 3


def mask(x):
    return x ^ KEY


def fold(total, x):
    return (total * 31 + x) % 2**64


def relay():
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

    with Pipeline() as pipeline:
        for work in [add, triple, mask, last]:
            pipeline.add(Processor(work))
        began = time.monotonic()
        pipeline.run(list(range(1, COUNT + 1)))
        ended, digest = done.get(timeout=LIMIT_S)
    expected = 0
    for x in range(1, COUNT + 1):
        expected = fold(expected, mask(triple(add(x))))
    assert digest == expected, "numbers were lost, doubled or damaged"
    return ended - began
