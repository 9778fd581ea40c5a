"""One count at a time, and a rest after each."""

import asyncio
from dataclasses import replace

import pytest

from tests.view.listed import ListedLines, conversation
from tui.view.logs.excerpt import Excerpt
from tui.view.logs.histogram import counter
from tui.view.logs.histogram.counter import Counter
from tui.view.logs.histogram.counting import Aim, Count, Order, count_lines
from tui.view.logs.histogram.scale import RECENT

PLACE = conversation().lines([60])[0].time
AIM = Aim(0, RECENT, 30, following=True, place=PLACE)


def counting(lines: int = 60) -> tuple[Counter, Excerpt, list[Order]]:
    """A counter on some lines, and the orders it gives."""
    orders = list[Order]()
    said = conversation().lines(range(1, lines + 1))
    excerpt = Excerpt(ListedLines(said), lambda: None)
    excerpt.poll()
    return Counter(excerpt, orders.append, lambda: None), excerpt, orders


def grow(excerpt: Excerpt) -> None:
    excerpt.reader = conversation()
    excerpt.poll()


def done(excerpt: Excerpt, order: Order) -> Count | None:
    return count_lines(excerpt.reader, order, lambda: False)


def test_nothing_more_is_ordered_while_a_count_goes_on() -> None:
    one, excerpt, orders = counting(50)
    one.look(AIM)
    grow(excerpt)
    one.look(AIM)
    assert [order.stop for order in orders] == [51]


async def test_what_arrives_after_a_count_is_counted_after_a_pause_without_being_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(counter, "PAUSE", 0.02)
    monkeypatch.setattr(counter, "FEW", 9)
    one, excerpt, orders = counting(50)
    one.look(AIM)
    one.take(orders[0], done(excerpt, orders[0]))
    assert sum(bar.lines for bar in one.bars) == 50
    grow(excerpt)
    one.look(AIM)
    assert len(orders) == 1
    ordered: asyncio.Future[Order] = asyncio.get_running_loop().create_future()
    monkeypatch.setattr(one, "_run", ordered.set_result)
    order = await asyncio.wait_for(ordered, 10)
    assert (order.stop, order.before) == (61, one.count)


async def test_a_few_lines_are_counted_without_an_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counter, "PAUSE", 0.0)
    monkeypatch.setattr(counter, "REST", 0.0)
    one, excerpt, orders = counting(50)
    one.look(AIM)
    one.take(orders[0], done(excerpt, orders[0]))
    told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    monkeypatch.setattr(one, "_counted", lambda: told.set_result(True))
    grow(excerpt)
    one.look(AIM)
    assert await asyncio.wait_for(told, 10)
    assert sum(bar.lines for bar in one.bars) == 60
    assert len(orders) == 1
    one.close()


async def test_other_lines_are_counted_at_once_and_what_was_ordered_before_is_not_taken() -> None:
    one, excerpt, orders = counting()
    one.look(AIM)
    one.look(replace(AIM, epoch=1))
    assert [order.aim.epoch for order in orders] == [0, 1]
    one.take(orders[0], done(excerpt, orders[0]))
    assert one.bars == ()
    one.take(orders[1], done(excerpt, orders[1]))
    assert len(one.bars) == 30
    one.look(replace(AIM, epoch=2))
    assert len(orders) == 3


async def test_after_a_count_that_was_given_up_all_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(counter, "PAUSE", 0.0)
    monkeypatch.setattr(counter, "REST", 0.0)
    monkeypatch.setattr(counter, "FEW", 9)
    one, excerpt, orders = counting(50)
    one.look(AIM)
    first = done(excerpt, orders[0])
    one.take(orders[0], first)
    grow(excerpt)
    one.look(AIM)
    one.take(orders[1], None)
    assert one.count is first, "it is shown until there is another"
    one.look(AIM)
    assert orders[2].before is None


async def test_after_a_mistake_it_rests_unless_other_lines_are_chosen() -> None:
    one, _, orders = counting()
    one.look(AIM)
    one.fail()
    one.look(AIM)
    assert len(orders) == 1
    one.look(replace(AIM, epoch=1))
    assert len(orders) == 2
    one.close()


def test_for_no_aim_and_without_lines_nothing_is_ordered() -> None:
    one, _, orders = counting()
    one.look(None)
    assert orders == []
    none, _, orders = counting(0)
    none.look(AIM)
    assert orders == []
