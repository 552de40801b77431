"""A kind of client and its platform, in words."""

import pytest

from perca.cli import words
from perca.model import ClientApp, Platform


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        (Platform.ANDROID, "a browser on Android"),
        (Platform.IOS, "a browser on iOS"),
        (Platform.WINDOWS, "a browser on Windows"),
        (Platform.WINDOWS_PHONE, "a browser on Windows Phone"),
        (Platform.MACOS, "a browser on macOS"),
        (Platform.LINUX, "a browser on Linux"),
        (Platform.UNKNOWN, "a browser on an unknown platform"),
        (Platform.ALL, "a browser"),
        (None, "a browser"),
    ],
)
def test_a_platform_is_called_as_its_maker_writes_it(platform: Platform | None, expected: str) -> None:
    assert words.client(ClientApp.BROWSER, platform) == expected


@pytest.mark.parametrize("platform", [each for each in Platform if each is not Platform.ALL])
def test_each_platform_has_words_of_its_own(platform: Platform) -> None:
    said = words.client(ClientApp.BROWSER, platform)
    assert platform.casefold() in said.casefold().replace(" ", "")
