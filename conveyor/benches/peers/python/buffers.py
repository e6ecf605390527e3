"""Batches by concurrent-buffer, and chunks of an acquisition by parallel-buffer, each with two workers."""

import contextlib
import os
import time

BATCHES = 400
SHAPE = (64, 256, 256, 3)
CHUNKS = 20_000
CHUNK = 64


def batches():
    """From the first batch that is read to the last one: the producers have started by then."""
    import numpy
    from concurrentbuffer.commander import Commander
    from concurrentbuffer.iterator import buffer_iterator_factory
    from concurrentbuffer.producer import Producer

    class Numbers(Commander):
        def build(self):
            self.next = 0

        def create_message(self):
            self.next += 1
            return {"number": self.next - 1}

    class Filler(Producer):
        def build(self):
            self.data = numpy.zeros(SHAPE, numpy.uint8)

        def create_data(self, message):
            self.data.reshape(-1).view(numpy.uint64).fill(message["number"])
            return [self.data]

    iterator = buffer_iterator_factory(
        cpus=2,
        buffer_shapes=[SHAPE],
        buffer_dtype=numpy.uint8,
        commander=Numbers(),
        producer=Filler(),
        context="fork",
        deterministic=True,
    )
    total = 0
    with iterator:
        next(iterator)
        began = time.monotonic()
        for _ in range(BATCHES):
            total += int(next(iterator)[0].reshape(-1).view(numpy.uint64).sum())
        seconds = time.monotonic() - began
    words = numpy.prod(SHAPE) // 8
    assert total == words * sum(range(1, BATCHES + 1)), "batches were lost, doubled or damaged"
    return seconds


class Populater:
    """Fills as many chunks as it is told to."""

    def __init__(self):
        self.next = 0

    def openStream(self, _):
        return None

    def closeStream(self, _):
        pass

    def shouldStop(self, _):
        return self.next == CHUNKS

    def __call__(self, _, chunk):
        chunk.fill(self.next)
        self.next += 1


def process(chunk, partial):
    partial += chunk.sum()


def contribute(partial, total):
    total += partial


def clean_up(_, partial):
    partial.fill(0)


def hand_offs():
    """With its workers' start, which is a hundredth of it; what it prints for each chunk goes nowhere."""
    import numpy
    import parallel_buffer

    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        setup = parallel_buffer.BufferSetupParams()
        setup.setDataDType(numpy.dtype(numpy.uint64))
        setup.setResultDType(numpy.dtype(numpy.uint64))
        setup.setResultShape((1,))
        setup.setNumberElemsInVector(CHUNK)
        setup.setNumberExemplarsInChunk(1)
        setup.setNumberChunks(64)
        pool = setup.generateBufferPool()
        getter = parallel_buffer.DataGetter(pool)
        getter.setStreamDescriptor(None)
        getter.setChunkPopulater(Populater())
        workers = parallel_buffer.WorkerProcessesPool(pool)
        workers.setPartialResultArrayShape((1,))
        workers.setPartialResultDType(numpy.dtype(numpy.uint64))
        workers.setProcessFunction(process)
        workers.setContributeResultsFunction(contribute)
        workers.setCleanUpFunction(clean_up)
        began = time.monotonic()
        workers.initiateWorkers(2)
        getter.run()
        workers.waitForAllProcesses()
        seconds = time.monotonic() - began
    total = int(numpy.ndarray((1,), numpy.uint64, buffer=pool._resultSharedMemory.buf)[0])
    assert total == CHUNK * sum(range(CHUNKS)), "chunks were lost, doubled or damaged"
    return seconds
