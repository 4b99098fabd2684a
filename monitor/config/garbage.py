"""Making millions of objects at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting_garbage() -> Iterator[None]:
    """Collects none meanwhile: a city makes three million objects, none of them garbage, and looking takes long."""
    # Measured on a city: half of the time of loading it, six sevenths of the time of composing it.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
