"""A directory that lies: a real one, of which a test replaces some answers."""

from typing import Any


class Lying:
    """Answers as the real directory does, but for the methods that are given."""

    def __init__(self, real: Any, **instead: Any) -> None:
        self._real = real
        self._instead = instead

    def __getattr__(self, name: str) -> Any:
        return self._instead.get(name) or getattr(self._real, name)
