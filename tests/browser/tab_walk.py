"""A page by the Tab key alone: every stop on the way, and what is wrong with it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

#: Far more stops than any page that is walked has.
BOUND = 400
#: Looks at what has the focus. A card opens when it is asked for, and not on the way.
FOLLOW = """() => {
  const named = (e) => {
    const own = e.id ? `#${e.id}` : [...e.classList].map((c) => `.${c}`).join("");
    return `${e.localName}${own} '${(e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent).trim().replace(/\\s+/g, " ").slice(0, 40)}'`;
  };
  const SHOWN = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderColor", "textDecoration", "stroke", "strokeWidth", "fontWeight"];
  const looks = (e) => [e, ...(e.closest("svg") ? e.querySelectorAll("*") : [])]
    .map((part) => { const style = getComputedStyle(part); return SHOWN.map((name) => style[name]).join(); }).join();
  const isSeen = (e) => [e, ...(e.labels ?? [])].some((part) => [...part.getClientRects()].some((r) => {
    const [l, t, w, h] = [Math.max(r.left, 0), Math.max(r.top, 0), Math.min(r.right, innerWidth), Math.min(r.bottom, innerHeight)];
    return w > l && h > t && [0.02, 0.5, 0.98].some((x) => [0.1, 0.5, 0.9].some((y) => {
      const top = document.elementFromPoint(l + x * (w - l), t + y * (h - t));
      return top !== null && (part.contains(top) || top.contains(e) && top.closest("svg") !== null);
    }));
  }));
  const settled = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  globalThis.walk = { stops: [], faults: [], last: null, before: null, async look(back) {
    await settled();
    const e = document.activeElement;
    if (this.last?.e === e) { this.faults.push(`${named(e)} does not let go`); return true; }
    if (this.last?.e.isConnected && looks(this.last.e) === this.last.looks) this.faults.push(`${named(this.last.e)} looks the same in focus`);
    if (e === document.body || e === null || e === this.first) return this.stops.length > 0;
    this.first ??= e;
    this.last = { e, looks: looks(e) };
    if (!isSeen(e)) this.faults.push(`${named(e)} is out of sight`);
    if (document.querySelector(":popover-open")) this.faults.push(`${named(e)} opened a card`);
    this.stops.push(named(e));
    const [one, two] = back ? [e, this.before] : [this.before, e];
    if (one && two && !(one.compareDocumentPosition(two) & Node.DOCUMENT_POSITION_FOLLOWING)) this.faults.push(`${named(e)} comes after ${named(this.before)}`);
    this.before = e;
    return false;
  } };
}"""


def walk(page: Page, key: str = "Tab", until: str = "false") -> tuple[list[str], list[str]]:
    """Press a key until the page, or a part of it, is left; return the stops and what was wrong.

    Parameters
    ----------
    until
        What holds, in JavaScript, once the focus is beyond the part.
    """
    page.evaluate(FOLLOW)
    for _ in range(BOUND):
        page.keyboard.press(key)
        if page.evaluate(f"{until} || walk.look({str(key != 'Tab').lower()})"):
            break
    else:
        page.evaluate("walk.faults.push('the page is never left')")
    return tuple(page.evaluate("[walk.stops, walk.faults]"))


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus."""
    for _ in range(BOUND):
        page.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"Tab never came to {target}")
