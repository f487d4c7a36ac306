"""Our pages as a stock book has them: the same words, with what it understands in place of our elements."""

from __future__ import annotations

from lxml import html

from backmice.stock import _notebook, markdown

PAGE = """<main id="text"><div class="opening"><p class="label">Part 1</p><h1>Lumps &amp; co</h1></div>
<section class="pearl" aria-labelledby="box"><h2 id="box">Pearl</h2><p>Press <strong>gently</strong>.</p></section>
<h2>Seen</h2>
<p>It is 4*5 mm, <a href="https://doi.org/x">as told</a> and <a href="../other.html">elsewhere</a>.
<span class="claim">Most move.</span></p>
<aside popover>Card</aside>
<ul><li>one</li><li>two<ul><li>three</li></ul></li></ul>
<table><tr><th>Size</th><td>&lt; 4 mm</td></tr></table>
<figure><img src="a.webp" alt="A lump"><figcaption><p>Drawn.</p></figcaption></figure>
<svg aria-hidden="true"><path d="M0 0"/></svg>
<backmice-anatomy data-figure="f.json"><figure><img src="b.webp" alt="Bones"><figcaption>Bones.</figcaption></figure></backmice-anatomy>
<course-video><picture><source srcset="p.avif"><img src="p.webp" alt=""></picture><video src="f.mp4"><track src="c.vtt"></video></course-video>
<backmice-quiz><form class="item"><fieldset><legend><span class="ask">Which one?</span></legend>
<ul class="options"><li><label><input type="radio"><span class="words">This</span></label></li></ul></fieldset>
<details class="key"><summary>Key</summary><ul><li><p><b>Right:</b> This</p><p>Since it moves.</p></li></ul></details>
<button type="button" hidden>Check</button></form></backmice-quiz></main>"""

MARKDOWN = """# Lumps & co

Part 1

```{tip}

**Pearl**

Press **gently**.
```

## Seen

It is 4\\*5 mm, [as told](https://doi.org/x) and elsewhere. Most move.

- one
- two
\x20\x20
  - three

<table class="table">
<tr><th>Size</th><td>&lt; 4 mm</td></tr>
</table>

![A lump](taken/a.webp)

Drawn.

```{raw} html
<script src="taken/plotly.min.js"></script>
<div style="height: 450px"></div>
<script>
(() => {
  const place = document.currentScript.previousElementSibling;
  fetch("taken/f.json").then((answer) => answer.json()).then(({ data, layout }) => Plotly.newPlot(place, data, layout));
})();
</script>
```

Bones.

<video controls width="100%" src="taken/f.mp4" poster="taken/p.webp"></video>

Which one?

- This

```{admonition} Key
:class: dropdown

- **Right:** This
\x20\x20
  Since it moves.
```
"""


def test_a_page_says_the_same_in_markdown():
    text = html.document_fromstring(PAGE).get_element_by_id("text")
    assert markdown(text, lambda address: f"taken/{address}") == MARKDOWN


def test_a_notebook_keeps_the_words_of_our_roles():
    text = '{"cells": [{"cell_type": "markdown", "source": ["A {claim}`lump moves <lump>`."]}]}'
    assert '"source": "A lump moves."' in _notebook(text)
