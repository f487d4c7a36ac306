"""QTI 1.2 packages, as Canvas and its neighbours read them: plainer forms of question, no tolerance but bounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from lxml.builder import ElementMaker
from lxml.etree import _Element as Element

from backmice.archive import zip_bytes
from backmice.export.loss import NO_FIGURE, RATIONALES_TOGETHER, TOGETHER, UNIT_TOLD, WHOLE, Loss
from backmice.export.paper import Paper
from backmice.export.pictures import place, png
from backmice.export.words import asked, number, paragraphs, rationales, share, slip_words, text_of
from backmice.export.xml import xml_bytes
from backmice.items.item import Part
from backmice.items.kinds import Amount, Slip
from backmice.items.model import KINDS, ChoiceItem, Hotspot, Item, Matching, Multiple, Numeric, Option, Ordering

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
LOSSES = dict.fromkeys(KINDS, WHOLE) | {
    "multiple": Loss("native", "Credited whole or not at all, unless the platform shares credit out itself, as Canvas does."),
    "matching": RATIONALES_TOGETHER,
    "ordering": Loss("nearest", f"Steps are matched to their places, and each place counts, not each neighbour. {TOGETHER}"),
    "numeric": UNIT_TOLD,
    "hotspot": Loss("nearest", "Regions are chosen by name beside the picture; few readers of QTI 1.2 know hotspots."),
    "landmark": NO_FIGURE,
}  # fmt: skip
TYPES = {"multiple": "multiple_answers_question", "matching": "matching_question", "ordering": "matching_question",
         "numeric": "numerical_question"}  # fmt: skip
RESPONSE, GENERAL = "response", "general"
HELD = "%24IMS-CC-FILEBASE%24"  # what stands for the package in an address
E = ElementMaker(namespace=QTI, nsmap={None: QTI})
M = ElementMaker(namespace=CP, nsmap={None: CP})


def content(paper: Paper) -> bytes:
    """Return the paper as a package of QTI 1.2: one file with all items, the pictures, and a manifest."""
    hrefs = {path: place(path) for path in paper.pictures}
    files = {hrefs[path]: png(path, held)[0] for path, held in paper.pictures.items()}
    items = [_item(item, f"{HELD}/{hrefs[item.picture]}" if isinstance(item, Hotspot) else "") for item in paper.items]
    exam = E.assessment(E.section(*items, ident="items", title=paper.title), ident=paper.id, title=paper.title)
    files["questions.xml"] = xml_bytes(E.questestinterop(exam))
    resources = [M.resource(M.file(href="questions.xml"), identifier="questions", type="imsqti_xmlv1p2")]
    resources += [
        M.resource(M.file(href=href), identifier=f"picture-{n}", type="webcontent", href=href)
        for n, href in enumerate(hrefs.values(), 1)
    ]
    files["imsmanifest.xml"] = xml_bytes(
        M.manifest(
            M.metadata(M.schema("IMS Content"), M.schemaversion("1.1.3")),
            M.organizations(),
            M.resources(*resources),
            identifier=f"package-{paper.id}",
        )
    )
    return zip_bytes(dict(sorted(files.items())))


def _item(item: Item, picture: str) -> Element:
    about = {
        "question_type": TYPES.get(item.kind, "multiple_choice_question"), "points_possible": "1", "topic": item.topic,
        "objective": item.objective, "level": item.level, "revision": str(item.revision),
    }  # fmt: skip
    words = asked(item)
    if isinstance(item, Numeric):
        words.append(f"Answer in {item.key.unit}.")
    question = paragraphs(words)
    if picture:
        question = f'<p><img src="{picture}" alt="{escape(item.alt)}"></p>{question}'
    fields = [E.qtimetadatafield(E.fieldlabel(label), E.fieldentry(entry)) for label, entry in about.items()]
    forms, conditions, told = _asked(item)
    return E.item(
        E.itemmetadata(E.qtimetadata(*fields)),
        E.presentation(E.material(E.mattext(question, texttype="text/html")), *forms),
        E.resprocessing(
            E.outcomes(E.decvar(maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")), *conditions
        ),
        *(E.itemfeedback(E.flow_mat(_plain(text)), ident=_feedback(id_)) for id_, text in told.items()),
        ident=item.id,
        title=item.id,
    )


def _asked(item: Item) -> tuple[list[Element], list[Element], dict[str, str]]:
    """Return the forms to fill in, the conditions that credit and tell, and what is told by id."""
    match item:
        case Matching():
            pairs = [(case.id, case.text, item.key[case.id]) for case in item.cases]
            return _matched(pairs, {option.id: option.text for option in item.options}, item)
        case Ordering():
            places = {id_: str(place) for place, id_ in enumerate(item.key, 1)}
            steps = [(id_, text_of(item, id_), f"place-{places[id_]}") for id_ in item.option_ids()]
            return _matched(steps, {f"place-{place}": place for place in places.values()}, item)
        case Numeric():
            slips = dict(zip(_numbered(item.slips), item.slips, strict=True))
            told = {name: slip_words(slip) for name, slip in slips.items()}
            conditions = [_told(E.other(), GENERAL), *(_told(_within(slip), name) for name, slip in slips.items())]
            exact = E("or", E.varequal(number(item.key.value), respident=RESPONSE), _within(item.key))
            form = E.response_str(
                E.render_fib(E.response_label(ident="answer"), fibtype="Decimal"), ident=RESPONSE, rcardinality="Single"
            )
            return [form], [*conditions, _credited(exact)], told | {GENERAL: item.rationale}
        case ChoiceItem():
            return _chosen(item)
    raise TypeError(f"{item.kind} has no form in QTI 1.2")


def _chosen(item: ChoiceItem) -> tuple[list[Element], list[Element], dict[str, str]]:
    several = isinstance(item, Multiple)
    form = E.response_lid(
        E.render_choice(*_labels(item.options), shuffle="Yes"),
        ident=RESPONSE,
        rcardinality="Multiple" if several else "Single",
    )
    right = E.varequal(item.key[0], respident=RESPONSE)
    if several:
        each = [E.varequal(option.id, respident=RESPONSE) for option in item.options]
        ways = [way if way.text in item.key else E("not", way) for way in each]
        right = E("and", *ways)
    options = dict(zip(_numbered(item.options), item.options, strict=True))
    told = [_told(E.varequal(option.id, respident=RESPONSE), name) for name, option in options.items()]
    return [form], [*told, _credited(right)], {name: option.rationale for name, option in options.items()}


def _matched(
    pairs: Sequence[tuple[str, str, str]], options: dict[str, str], item: Item
) -> tuple[list[Element], list[Element], dict[str, str]]:
    forms, conditions = [], [_told(E.other(), GENERAL)]
    for id_, text, right in pairs:
        labels = [E.response_label(_plain(words), ident=option) for option, words in options.items()]
        name = f"{RESPONSE}-{id_}"
        forms.append(E.response_lid(_plain(text), E.render_choice(*labels), ident=name))
        conditions.append(_credited(E.varequal(right, respident=name), share(len(pairs)), "Add"))
    return forms, conditions, {GENERAL: "\n".join(rationales(item))}


def _labels(options: Sequence[Option]) -> Iterator[Element]:
    for option in options:
        yield E.response_label(_plain(option.text), ident=option.id)


def _within(amount: Amount | Slip) -> Element:
    low, high = amount.value - amount.tolerance, amount.value + amount.tolerance
    return E(
        "and", E.vargte(number(low), respident=RESPONSE), E.varlte(number(high), respident=RESPONSE)
    )  # fmt: skip


def _credited(condition: Element, points: str = "100", action: str = "Set") -> Element:
    more = {"continue": "Yes" if action == "Add" else "No"}
    return E.respcondition(E.conditionvar(condition), E.setvar(points, action=action, varname="SCORE"), more)


def _told(condition: Element, id_: str) -> Element:
    shown = E.displayfeedback(feedbacktype="Response", linkrefid=_feedback(id_))
    return E.respcondition(E.conditionvar(condition), shown, {"continue": "Yes"})


def _numbered(parts: Sequence[Part]) -> list[str]:
    """Return names for what is told of parts: of an id with "wrong" in it Canvas would tell after any wrong answer."""
    return [f"part-{n}" for n, _ in enumerate(parts, 1)]


def _feedback(id_: str) -> str:
    return f"{id_}_fb"


def _plain(text: str) -> Element:
    return E.material(E.mattext(text, texttype="text/plain"))
