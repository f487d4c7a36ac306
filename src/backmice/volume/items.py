"""Items where nothing can be pressed: a page asks first, and gives its keys with their rationales at its end."""

from __future__ import annotations

import copy

from lxml.html import HtmlElement
from lxml.html.builder import CLASS, H2, H3, LI, OL, SECTION, SPAN, A, P

KEYS = "Key and rationales"
FORMS = ".//form[@data-item]"
#: Where the learner would write or choose.
BLANKS = ".//ol[@class='pairs']/li | .//ul[@class='steps']/li | .//*[@class='quantity']"
CONTROLS = ".//select | .//input"


def plain_items(page: HtmlElement) -> None:
    """Turn each form of a page into text, and put all keys into one section at its end."""
    keys = SECTION(H2(KEYS), CLASS("keys"), id="keys")
    for number, form in enumerate(page.xpath(FORMS), 1):
        form.find(".//span[@class='place']").text = f"Item {number}"
        keys.append(_key(form, f"Item {number}"))
        form.getparent().replace(form, _item(form))
    if len(keys) > 1:
        page.append(keys)


def _item(form: HtmlElement) -> HtmlElement:
    """Return what is asked, in place of the form."""
    id_, field = form.get("id"), form.find("fieldset")
    stem = field.find("legend")
    stem.tag = "p"
    stem.set("class", "stem")
    for choices in field.xpath("ul[@class='options']"):
        field.replace(choices, _lettered(choices))
    for place in field.xpath(BLANKS):
        place.append(SPAN("\u2007" * 8, CLASS("blank")))
    for control in field.xpath(CONTROLS):
        control.drop_tree()
    for label in field.xpath(".//label"):
        label.attrib.clear()
        label.tag = "span"
    item = SECTION(CLASS("item"), {"id": id_, "data-item": form.get("data-item")})
    item.extend([form.find("p"), *field, P(A("Key", href=f"#{id_}-key"), CLASS("to-key"))])
    item.tail = form.tail
    return item


def _lettered(choices: HtmlElement) -> HtmlElement:
    """Return a list of options without their buttons: A, B and so on."""
    words = choices.xpath(".//span[@class='words']")
    found = OL(*(LI(copy.deepcopy(word)) for word in words), CLASS("lettered"), type="A")
    found.tail = choices.tail
    return found


def _key(form: HtmlElement, title: str) -> HtmlElement:
    """Return what the disclosure of a form holds, and take it out."""
    id_, details = form.get("id"), form.find("details[@class='key']")
    details.drop_tree()
    section = SECTION(H3(A(title, href=f"#{id_}")), CLASS("key"), id=f"{id_}-key")
    section.extend(part for part in details if part.tag != "summary")
    return section
