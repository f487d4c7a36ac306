"""What an audit by axe does not see: measured on the page as it stands, in one evaluation each.

Every function takes a page that is open and returns sentences, none where all is well.
"""

from __future__ import annotations

from book_reader import WHOLE, add_rules
from playwright.sync_api import Page

#: WCAG 2.2, 1.4.12: what a reader may set without losing anything.
SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }
"""
#: Names an element in a fault.
NAME = """
const named = (e) => {
  const own = e.id ? `#${e.id}` : [...e.classList].map((c) => `.${c}`).join("");
  const words = e.textContent.trim().replace(/\\s+/g, " ").slice(0, 40);
  return `${e.localName}${own} '${words}'`;
};
const unseen = new Map();
// Words for screen readers alone stand in a box that is clipped away.
const clipped = (e) => {
  if (!unseen.has(e)) unseen.set(e, getComputedStyle(e).clipPath !== "none" || (e.parentElement !== null && clipped(e.parentElement)));
  return unseen.get(e);
};
const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest("[inert]") && !clipped(e);
const scroller = (e) => {
  for (let up = e; up && up !== document.body; up = up.parentElement) if (getComputedStyle(up).overflow !== "visible") return up;
};
"""
MEASURE = {
    # 1.4.10: the page itself never scrolls sideways; what does inside it can be reached and has a name.
    "reflow": """() => {
      const faults = [];
      const root = document.documentElement;
      const wide = root.scrollWidth - root.clientWidth;
      const sideways = (e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
      const holder = (e) => { for (let up = e.parentElement; up; up = up.parentElement) if (up !== root && up !== document.body && sideways(up)) return up; };
      if (wide > 0) {
        const out = [...document.body.querySelectorAll("*")].filter((e) => seen(e) && !holder(e) && e.getBoundingClientRect().right > root.clientWidth + 1);
        faults.push(`the page is ${wide} px too wide: ${out.slice(0, 4).map(named).join("; ")}`);
      }
      for (const e of document.querySelectorAll("body *")) {
        if (e.scrollWidth <= e.clientWidth + 1 || !e.clientWidth || !seen(e) || e.closest("svg")) continue;
        const how = getComputedStyle(e).overflowX;
        if (how === "visible") continue;
        if (sideways(e)) {
          if (e.matches("textarea, select")) continue;
          if (e.tabIndex < 0 && !e.querySelector("a[href], button, input, select")) faults.push(`${named(e)} scrolls, and no key reaches it`);
          if (!e.getAttribute("aria-label") && !e.getAttribute("aria-labelledby")) faults.push(`${named(e)} scrolls and has no name`);
        } else if (e.innerText?.trim()) faults.push(`${named(e)} is cut off: ${e.scrollWidth} in ${e.clientWidth} px`);
      }
      for (const e of document.querySelectorAll("body *")) {
        if (e.closest("svg") || !seen(e) || e.scrollHeight <= e.clientHeight + 2 || !e.clientHeight) continue;
        if (["hidden", "clip"].includes(getComputedStyle(e).overflowY) && e.innerText?.trim() && !e.matches("input, select, textarea"))
          faults.push(`${named(e)} is cut off: ${e.scrollHeight} in ${e.clientHeight} px of height`);
      }
      return faults;
    }""",
    # 1.4.12: no words lie over others.
    "overlap": """() => {
      const boxes = [];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const parent = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !seen(parent) || parent.closest("svg, .site, script, style, option, noscript")) continue;
        const range = document.createRange();
        range.selectNodeContents(walk.currentNode);
        const around = scroller(parent)?.getBoundingClientRect();
        for (const r of range.getClientRects()) {
          const box = { parent, l: r.left, r: r.right, t: r.top, b: r.bottom };
          if (around) Object.assign(box, { t: Math.max(r.top, around.top), b: Math.min(r.bottom, around.bottom) });
          if (box.r - box.l > 1 && box.b - box.t > 1) boxes.push(box);
        }
      }
      boxes.sort((a, b) => a.t - b.t);
      const faults = [];
      boxes.forEach((one, i) => {
        for (let j = i + 1; j < boxes.length && boxes[j].t < one.b; j += 1) {
          const two = boxes[j];
          const high = Math.min(one.b, two.b) - two.t, wide = Math.min(one.r, two.r) - Math.max(one.l, two.l);
          // Boxes of lines are higher than their letters.
          if (one.parent !== two.parent && wide > 2 && high > 0.45 * Math.min(one.b - one.t, two.b - two.t))
            faults.push(`${named(one.parent)} lies over ${named(two.parent)}`);
        }
      });
      return faults;
    }""",
    # 2.5.8: 24 px each way, or a circle of 24 px of its own, or a link in a sentence.
    "targets": """() => {
      const pressed = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=radio]";
      const found = [];
      for (const e of document.querySelectorAll(pressed)) {
        if (!seen(e) || e.disabled || e.closest("[hidden]")) continue;
        let rects = [...e.getClientRects()].filter((r) => r.width && r.height);
        if (!rects.length) continue;
        const union = (rs) => ({ l: Math.min(...rs.map((r) => r.left)), r: Math.max(...rs.map((r) => r.right)), t: Math.min(...rs.map((r) => r.top)), b: Math.max(...rs.map((r) => r.bottom)) });
        const labels = [...(e.labels ?? [])].filter((label) => label.contains(e));
        const box = union([e.getBoundingClientRect(), ...labels.map((label) => label.getBoundingClientRect())]);
        if (box.r <= 0 || box.b <= -scrollY) continue;
        found.push({ e, box, small: box.r - box.l < 23.9 || box.b - box.t < 23.9 });
      }
      const inline = ({ e }) => {
        if (getComputedStyle(e).display !== "inline" || e.closest("svg")) return false;
        let up = e.parentElement;
        while (getComputedStyle(up).display === "inline") up = up.parentElement;
        const own = [...up.querySelectorAll(pressed)].reduce((n, a) => n + a.textContent.trim().length, 0);
        return up.textContent.trim().length > own;
      };
      const mid = ({ box }) => [(box.l + box.r) / 2, (box.t + box.b) / 2];
      const near = ([x, y], { box }) => Math.hypot(Math.max(box.l - x, 0, x - box.r), Math.max(box.t - y, 0, y - box.b));
      const faults = [];
      // A region of a picture is one of the radios below it, which are large enough.
      for (const one of found.filter((o) => o.small && !inline(o) && !o.e.closest(".hotspot"))) {
        const at = mid(one);
        const crowd = found.find((two) => two !== one && !two.e.contains(one.e) && !one.e.contains(two.e) &&
          (two.small ? Math.hypot(at[0] - mid(two)[0], at[1] - mid(two)[1]) < 24 : near(at, two) < 12));
        if (crowd) faults.push(`${named(one.e)} is ${Math.round(one.box.r - one.box.l)} by ${Math.round(one.box.b - one.box.t)} px beside ${named(crowd.e)}`);
      }
      return faults;
    }""",
}


def prepare(page: Page) -> None:
    """Wait until every element is alive, open what can be opened, and lay out what is far below."""
    page.evaluate(
        """async () => {
          const names = new Set([...document.querySelectorAll(":not(:defined)")].map((e) => e.localName));
          await Promise.all([document.fonts.ready, ...[...names].map((name) => customElements.whenDefined(name))]);
          document.querySelectorAll("details").forEach((e) => { e.open = true; });
        }"""
    )
    add_rules(page, WHOLE)


def mirror(page: Page) -> None:
    """Let the page run from right to left, as a translation of it would."""
    page.evaluate("document.documentElement.dir = 'rtl'")


def faults(page: Page, *kinds: str) -> list[str]:
    """Return what each kind of measure finds, each fault once."""
    body = ", ".join(f"...({MEASURE[kind]})()" for kind in kinds)
    return page.evaluate(f"() => {{ {NAME} return [...new Set([{body}])]; }}")
