"""What can't be: Exchange ActiveSync at anything but Exchange, and nothing that hangs on a fact nobody told."""

import pytest

from perca.model import AppId, ClientApp, SignIn, UserAction, UserId
from perca.policy import IMPOSSIBLE, RULED_OUT_BY, Channel, Coordinate, Target, can_be, impossible
from perca.policy.app_groups import EXCHANGE, SHAREPOINT

ADA = UserId("ada")
SYNC = ClientApp.ACTIVE_SYNC


@pytest.mark.parametrize(
    ("sign_in", "expected"),
    [
        (SignIn(ADA, EXCHANGE, SYNC), True),
        (SignIn(ADA, SHAREPOINT, SYNC), False),
        (SignIn(ADA, AppId("own"), SYNC), False),
        (SignIn(ADA, None, SYNC, action=UserAction.REGISTER_DEVICE), False),
        (SignIn(ADA, None, SYNC), True),
        (SignIn(ADA, SHAREPOINT, None), True),
        (SignIn(ADA, SHAREPOINT, ClientApp.ALL), True),
        (SignIn(ADA, SHAREPOINT, ClientApp.OTHER), True),
        (SignIn(ADA, SHAREPOINT, ClientApp.BROWSER), True),
    ],
)
def test_active_sync_reaches_exchange_alone(sign_in: SignIn, expected: bool) -> None:
    assert can_be(sign_in) is expected


def test_each_coordinate_speaks_for_itself() -> None:
    assert {Coordinate.CHANNEL, Coordinate.TARGET} == RULED_OUT_BY
    assert impossible(Coordinate.CHANNEL, Channel(SYNC, None, None)) == IMPOSSIBLE == 1
    assert impossible(Coordinate.CHANNEL, Channel(ClientApp.OTHER, None, None)) == 0
    assert impossible(Coordinate.TARGET, Target(SHAREPOINT)) == IMPOSSIBLE
    assert impossible(Coordinate.TARGET, Target(EXCHANGE)) == 0
    assert impossible(Coordinate.CONTEXT, None) == IMPOSSIBLE, "what looks at nothing rules nothing out"
