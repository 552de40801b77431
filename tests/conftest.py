"""What every test may use. Under CI the properties are bounded and always the same, and nothing may be skipped."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
interrupted = False

settings.register_profile("dev", deadline=None, max_examples=60)
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in the background so; the programs that tests start and interrupt would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared_fixtures() -> Path:
    """The collection of real policy files and sign-ins, beside the project and not part of it.

    Skips where it is missing; under CI that is a failure, since there nothing may go untested unseen.
    """
    folder = ROOT.parent / "shared" / "fixtures"
    if not folder.is_dir():
        reason = "the real input beside the project (../shared/fixtures) is missing"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


def pytest_keyboard_interrupt(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    global interrupted
    interrupted = excinfo.errisinstance(KeyboardInterrupt)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Ctrl-C is 130, as everywhere else in Perca; pytest's own 2 would read as bad usage."""
    if interrupted:
        session.exitstatus = 130
