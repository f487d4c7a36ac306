"""How a build waits for the kernel of a lab."""

from __future__ import annotations

from collections.abc import Coroutine
from queue import Empty
from typing import Any

import pytest

from backmice.sphinx_ext.labs import ASK_AGAIN_S, asking_again


class Deaf:
    """A channel that is never told of its message, and finds it when asked for the `finds`-th time."""

    def __init__(self, finds: int) -> None:
        self.finds = finds
        self.asked: list[float] = []

    async def get_msg(self, timeout: float) -> str:
        """Return the message if it is found now."""
        self.asked.append(timeout)
        if len(self.asked) < self.finds:
            raise Empty
        return "reply"


def result_of(coroutine: Coroutine[Any, Any, str]) -> str:
    """Return what a coroutine returns that waits for nothing; browser tests have the loop of this process."""
    with pytest.raises(StopIteration) as stopped:
        coroutine.send(None)
    return stopped.value.value


@pytest.mark.parametrize("timeout", [120, None])
def test_a_reply_is_found_though_nobody_was_told_of_it(timeout: float | None):
    channel = Deaf(finds=3)
    assert result_of(asking_again(Deaf.get_msg)(channel, timeout)) == "reply"
    assert channel.asked == [ASK_AGAIN_S] * 3


@pytest.mark.parametrize("timeout", [0, 0.25])
def test_who_will_not_wait_longer_is_told_that_there_is_none(timeout: float):
    channel = Deaf(finds=3)
    with pytest.raises(Empty):
        result_of(asking_again(Deaf.get_msg)(channel, timeout))
    (asked,) = channel.asked
    assert 0 <= asked <= timeout


def test_a_second_lab_of_a_build_asks_no_more_often():
    once = asking_again(Deaf.get_msg)
    assert asking_again(once) is once
