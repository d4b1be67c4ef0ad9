# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import gc
from contextlib import contextmanager


@contextmanager
def without_gc():
    """Let the collector of cycles rest inside the block.

    For a few seconds in which very many values are made that hold no cycles: it would
    look at all of them again and again, for a fifth of the time.
    """
    resting = gc.isenabled()
    if resting:
        gc.disable()
    try:
        yield
    finally:
        if resting:
            gc.enable()
