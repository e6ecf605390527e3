//! Examples and tests of Conveyor: see `examples/` and `tests/`.
