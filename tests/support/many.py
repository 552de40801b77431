"""Thousands of random tenants in chunks, which several processes share; the same number is always the same tenant."""

import pytest


def many(tenants: int = 3_000, chunk: int = 250) -> pytest.MarkDecorator:
    """Gives a test the argument `numbers`, one range after the other."""
    ranges = [range(first, min(first + chunk, tenants)) for first in range(0, tenants, chunk)]
    return pytest.mark.parametrize(
        "numbers", ranges, ids=[f"{each.start}-{each.stop - 1}" for each in ranges]
    )
