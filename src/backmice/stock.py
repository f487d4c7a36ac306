"""The same course as a stock Jupyter Book 1 has it, to be measured beside ours: Markdown, its theme, its defaults.

The text is taken from our built pages, so both say the same; what only our directives do becomes what a stock book
would have in its place.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

import yaml
from lxml import etree
from lxml.html import HtmlElement

from backmice.anatomy.packed import unpacked
from backmice.chapter import page_file
from backmice.volume.pages import content

#: What a reader of the stock book does without.
LACKS = (
    "all of the 3-D figure but to turn it (plotly's own script, beside the book), answers that are marked and kept (the key is folded away), claim cards, exams, "
    "reviews, progress, search by synonyms, captions chosen in the player"
)
PRACTICE = "practice"
GONE = "script", "style", "template", "button", "input", "select", "textarea", "nav", "noscript"
INLINE = {
    "a", "abbr", "b", "bdi", "br", "cite", "code", "dfn", "em", "i", "kbd", "label", "mark", "output", "q", "s", "small",
    "span", "strong", "sub", "sup", "time", "u", "var",
}  # fmt: skip
BOXES = {"plain": "note", "key-points": "important", "pearl": "tip", "pitfall": "warning", "red-flag": "danger"}
MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*"}
#: What plotly writes beside a page, taken from its package; and where it lies, since scripts in _static go into every page.
PLOTLY, BESIDE = "plotly.min.js", "beside"
#: A figure as plotly puts it into a page: its script, a place, and what draws it as the page opens.
FIGURE = """```{{raw}} html
<script src="{script}"></script>
<div style="height: 450px"></div>
<script>
(() => {{
  const place = document.currentScript.previousElementSibling;
  fetch("{data}").then((answer) => answer.json()).then(({{ data, layout }}) => Plotly.newPlot(place, data, layout));
}})();
</script>
```"""
SIGNS = re.compile(r"([\\`*_\[\]{}<>$|~#])")
ROLE = re.compile(r"\{[a-z-]+\}`([^`<]*?)\s*(?:<[^`]*>)?`")

#: Gives the name of a file of our book in the stock one.
Take = Callable[[str], str]


class StockError(Exception):
    """The stock book could not be built; the message has the end of what it said."""


def write_stock(root: Path, built: Path, home: Path) -> list[str]:
    """Write the sources of a stock book of the course in `root`, as `built`, and return the names of its pages.

    What was built of them before stays while they are the same.
    """
    with tempfile.TemporaryDirectory(prefix="backmice-stock-") as folder:
        new = Path(folder) / "stock"
        names = _write(root, built, new)
        digest = _digest(new)
        stamp = home / ".sources"
        if not stamp.is_file() or stamp.read_text() != digest:
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(new, home)
            stamp.write_text(digest)
    return names


def _digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return sha256(b"".join(path.name.encode() + sha256(path.read_bytes()).digest() for path in files)).hexdigest()


def _write(root: Path, built: Path, home: Path) -> list[str]:
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    named = [toc["root"], *(page["file"] for part in toc["parts"] for page in part["chapters"])]
    more = sorted(f"{PRACTICE}/{path.stem}" for path in (built / PRACTICE).glob("*.html"))
    if more:
        toc["parts"].append({"caption": "Practice", "chapters": [{"file": name} for name in more]})
    for name in (*named, *more):
        page = home / f"{name}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        source = page_file(root, name)
        if source is not None and source.endswith(".ipynb"):
            page.with_suffix(".ipynb").write_text(_notebook((root / source).read_text(encoding="utf-8")))
        else:
            page.write_text(markdown(content(built, name), _taking(built, home, name)), encoding="utf-8")
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    (home / BESIDE).mkdir()
    shutil.copyfile(Path(find_spec("plotly").origin).parent / "package_data" / PLOTLY, home / BESIDE / PLOTLY)
    own = {key: config[key] for key in ("title", "author")} | {"sphinx": {"config": {"html_extra_path": [BESIDE]}}}
    for name, value in {"_config.yml": own, "_toc.yml": toc}.items():
        (home / name).write_text(yaml.safe_dump(value, sort_keys=False), encoding="utf-8")
    return [*named, *more]


def build_stock(home: Path) -> float:
    """Build the stock book of `home` and return the seconds it took; its warnings are its own affair.

    Raises
    ------
    StockError
        If it fails.
    """
    start = time.monotonic()
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "."]
    done = subprocess.run(command, check=False, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise StockError(f"The stock book was not built.\n{done.stderr[-2000:]}")
    return time.monotonic() - start


def markdown(text: HtmlElement, take: Take) -> str:
    """Return the text of one of our pages as Markdown that a stock book understands."""
    title = text.find(".//h1")
    heading = " ".join(title.text_content().split())
    title.drop_tree()
    return f"# {_plain(heading)}\n\n" + "\n\n".join(_blocks(text, take, top=True)) + "\n"


def _blocks(element: HtmlElement, take: Take, *, top: bool) -> Iterator[str]:
    """Yield the blocks of an element; headings are such at the `top` alone, not within a list or a box."""
    run = [_plain(element.text)]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in GONE and child.get("hidden") is None:
            if _is_inline(child):
                run.append(_inline(child, take))
            else:
                yield from _paragraph(run)
                run = []
                yield from _block(child, take, top=top)
        run.append(_plain(child.tail))
    yield from _paragraph(run)


def _paragraph(run: Iterable[str]) -> Iterator[str]:
    text = " ".join("".join(run).split())
    if text:
        yield text


def _block(element: HtmlElement, take: Take, *, top: bool) -> Iterator[str]:
    names = element.get("class", "").split()
    box = next((BOXES[name] for name in names if name in BOXES), None)
    if element.get("popover") is not None:
        return
    if re.fullmatch("h[2-6]", element.tag):
        words = " ".join(_blocks(element, take, top=False))
        yield f"{'#' * int(element.tag[1])} {words}" if top else f"**{words}**"
    elif element.tag in ("ul", "ol"):
        yield _list(element, take)
    elif element.tag == "table":
        yield _table(element)
    elif element.tag == "img":
        yield f"![{_plain(element.get('alt'))}]({take(element.get('src'))})"
    elif element.tag == "backmice-anatomy" and element.get("data-start") != "press":
        for picture in [*element.iter("img", "svg")]:
            picture.drop_tree()
        yield FIGURE.format(script=take(PLOTLY), data=take(element.get("data-figure")))
        yield from _blocks(element, take, top=top)
    elif element.tag == "video":
        still = element.getprevious().find(".//img")
        yield f'<video controls width="100%" src="{take(element.get("src"))}" poster="{take(still.get("src"))}"></video>'
    elif element.tag == "picture" and element.xpath("following-sibling::video"):
        pass  # the film shows it
    elif element.tag == "svg":
        if not element.get("aria-hidden"):
            yield f"![{_plain(element.get('aria-label'))}]({take(_as_file(element))})"
    elif element.tag == "details" or box:
        title = next(iter(element.xpath("summary | h2 | h3")), None)
        words = "More" if title is None else " ".join(title.text_content().split())
        if title is not None:
            title.drop_tree()
        yield _fenced(box or "admonition", words, "\n\n".join(_blocks(element, take, top=False)), folded=not box)
    else:
        yield from _blocks(element, take, top=top)


def _fenced(box: str, title: str, text: str, *, folded: bool) -> str:
    longest = max(map(len, re.findall("^`{3,}", text, re.MULTILINE)), default=2)
    fence = "`" * (longest + 1)
    options = f" {title}\n:class: dropdown" if folded else ""
    said = text if folded else f"**{_plain(title)}**\n\n{text}"
    return f"{fence}{{{box}}}{options}\n\n{said}\n{fence}"


def _list(element: HtmlElement, take: Take) -> str:
    mark = "1. " if element.tag == "ol" else "- "
    items = ["\n\n".join(_blocks(item, take, top=False)) for item in element.findall("li")]
    return "\n".join(mark + item.replace("\n", "\n" + " " * len(mark)) for item in items if item)


def _table(element: HtmlElement) -> str:
    rows = []
    for row in element.iter("tr"):
        cells = [(cell.tag, " ".join(cell.text_content().split())) for cell in row.iter("th", "td")]
        rows.append("<tr>" + "".join(f"<{tag}>{_entities(words)}</{tag}>" for tag, words in cells) + "</tr>")
    return '<table class="table">\n' + "\n".join(rows) + "\n</table>"


def _is_inline(element: HtmlElement) -> bool:
    return element.tag in INLINE and all(_is_inline(child) for child in element if isinstance(child.tag, str))


def _inline(element: HtmlElement, take: Take) -> str:
    parts = [_plain(element.text)]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in GONE:
            parts.append(_inline(child, take))
        parts.append(_plain(child.tail))
    words = "".join(parts)
    mark = MARKS.get(element.tag, "")
    if element.tag == "a" and words.strip() and urlsplit(element.get("href", "")).scheme in ("http", "https"):
        return f"[{words.strip()}]({element.get('href')})"
    return f"{mark}{words.strip()}{mark}" if mark and words.strip() else words


def _plain(text: str | None) -> str:
    return SIGNS.sub(r"\\\1", text or "")


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _as_file(drawing: HtmlElement) -> str:
    tail, drawing.tail = drawing.tail, None
    drawing.set("xmlns", "http://www.w3.org/2000/svg")
    text = etree.tostring(drawing, encoding="unicode")
    drawing.tail = tail
    return f"data:image/svg+xml,{text}"


def _taking(built: Path, home: Path, name: str) -> Take:
    """Return what copies media of a page into the stock book's folder of static files, and names them from the page."""
    up = "../" * name.count("/")

    def take(address: str) -> str:
        (home / "_static").mkdir(exist_ok=True)
        if address == PLOTLY:
            return f"{up}{PLOTLY}"
        if address.startswith("data:"):
            if not address.startswith("data:image/svg+xml,"):
                return address
            text = address.partition(",")[2].encode()
            file = f"{sha256(text).hexdigest()[:10]}.svg"
            (home / "_static" / file).write_bytes(text)
        else:
            source = built / normpath(join(dirname(name), unquote(urlsplit(address).path)))
            file = source.name
            if source.is_file() and source.suffix == ".json":
                figure = json.loads(source.read_text(encoding="utf-8"))
                whole = json.dumps({**figure, "data": unpacked(figure["data"])}, separators=(",", ":"))
                (home / "_static" / file).write_text(whole, encoding="utf-8")
            elif source.is_file():
                shutil.copyfile(source, home / "_static" / file)
        return f"{up}_static/{file}"

    return take


def _notebook(text: str) -> str:
    """Return a notebook with the words of our roles alone."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = ROLE.sub(r"\1", "".join(cell["source"]))
    return json.dumps(notebook, ensure_ascii=False, indent=1)
