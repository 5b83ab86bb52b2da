"""The kernel as machine code, when numba is installed; its answers are those of the plain kernel, only sooner."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import FunctionType, SimpleNamespace
from typing import Any

from circles.partition import kernel, ledger


@cache
def machine_code() -> SimpleNamespace | None:
    """Return the functions of the kernel as numba compiles them when they are first called; None without numba.

    Machine code is kept beside the package or in the user's cache folder, as numba does by itself; where neither can
    be written, every start of the program compiles anew.
    """
    try:
        import numba  # noqa: PLC0415 - start-up time: only large searches are compiled
    except ImportError:
        return None
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]  # set from the environment when numba starts
        return None
    rooms = (ledger, kernel)
    # What is kept is found again by this name, so that machine code never outlives the source of any of its parts.
    digest = sha256(b"".join(Path(str(room.__file__)).read_bytes() for room in rooms)).hexdigest()[:16]
    shared: dict[str, Any] = {"__name__": kernel.__name__, "__builtins__": __builtins__}
    for room in rooms:
        for name, thing in vars(room).items():
            if isinstance(thing, FunctionType) and thing.__module__ == room.__name__:
                function = FunctionType(thing.__code__, shared, name)
                function.__qualname__ = f"{name}-{digest}"
                shared[name] = _compiling(numba.njit, function)
            elif isinstance(thing, int):
                shared[name] = thing
    return SimpleNamespace(**shared)


def _compiling(njit: Callable[..., Callable[[Any], Any]], function: FunctionType) -> Any:
    try:
        return njit(cache=True)(function)
    except RuntimeError:  # no folder to keep it in
        return njit(function)
