"""What a test needs of its machine. Without it the test is skipped and says why; in CI (`.ci/run`) it fails instead."""

import os
import shutil
from typing import NoReturn

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def in_ci() -> bool:
    return os.environ.get("CI", "").casefold() not in {"", "0", "false"}


def missing(reason: str) -> NoReturn:
    """End the test: here it is skipped, in CI it has failed."""
    if in_ci():
        pytest.fail(f"{reason} (nothing may be skipped in CI)", pytrace=False)
    pytest.skip(reason)


def browser(unseen: str) -> str:
    """Where Chromium is; `unseen` says what nobody looked at without it."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        missing(f"no Chromium on the PATH: {unseen}")
    return found
