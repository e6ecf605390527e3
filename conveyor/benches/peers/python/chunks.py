"""Chunks of a shared array with nothing to do, and a call-back for each, by mpaio with two workers."""

import asyncio
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.shared_memory import SharedMemory

CHUNKS = 10_000
CHUNK = 64


def empty():
    """From the start to the last call-back: mpaio ends its workers with each run."""
    import numpy
    from mpaio.data_iterator import DataIterator
    from mpaio.worker import Worker
    from mpaio.worker_orchestrator import WorkerOrchestrator

    class Lengths(Worker):
        chunks = elements = 0

        process = staticmethod(length)

        def process_callback(self, elements):
            self.chunks += 1
            self.elements += elements

    memory = SharedMemory(create=True, size=CHUNKS * CHUNK)
    shape, dtype = (CHUNKS * CHUNK,), numpy.dtype(numpy.uint8)
    lengths = Lengths(DataIterator(memory.name, CHUNK, CHUNKS * CHUNK, shape, dtype))
    began = time.monotonic()
    asyncio.run(WorkerOrchestrator(ProcessPoolExecutor(2), [lengths], False).run())
    seconds = time.monotonic() - began
    memory.close()
    memory.unlink()
    assert (lengths.chunks, lengths.elements) == (CHUNKS, CHUNKS * CHUNK), "chunks were lost or doubled"
    return seconds


def length(name, shape, dtype, start, end):
    return end - start
