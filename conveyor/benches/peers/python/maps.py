"""Maps, by pasha with two workers. It starts its processes with each map, so the first one is like the others; of short
ones the median of many is taken, whose memory is warm."""

import statistics
import time

ELEMENTS = 500_000
ROWS, ROW = 2000, 4096
ROW_MAPS = 101


def two_workers():
    import pasha

    pasha.set_default_context("processes", num_workers=2)
    return pasha


def timed(run):
    began = time.monotonic()
    run()
    return time.monotonic() - began


def elements():
    import numpy

    pasha = two_workers()
    inputs = numpy.arange(ELEMENTS, dtype=float)
    outputs = pasha.alloc(ELEMENTS)

    def kernel(_, index, value):
        outputs[index] = 3.0 * value

    seconds = timed(lambda: pasha.map(kernel, inputs))
    assert (outputs == 3.0 * inputs).all(), "a wrong output"
    return seconds


def rows():
    import numpy

    pasha = two_workers()
    inputs = numpy.add.outer(numpy.arange(ROWS, dtype=float), numpy.arange(ROW, dtype=float))
    means = pasha.alloc(ROWS)

    def kernel(_, index, row):
        means[index] = row.mean()

    seconds = statistics.median(timed(lambda: pasha.map(kernel, inputs)) for _ in range(ROW_MAPS))
    assert (means == (ROW - 1) / 2 + numpy.arange(ROWS)).all(), "a wrong mean"
    return seconds


def empty():
    pasha = two_workers()
    return timed(lambda: pasha.map(lambda worker, index, value: None, range(2)))
