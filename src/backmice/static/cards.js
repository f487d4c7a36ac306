// Cards beside the words they speak of: a claim's, and a definition from the glossary.
// Hover and a press open them, by mouse, finger or key; Escape and a tap elsewhere close them (native popover).
// The Tab key passes by: a card that is closed has no stops, and the links of an open one come after what opened it.
// The link of a claim becomes a button; a word stays a link to the glossary for the mouse, which has seen its card.
// In a host without a glossary a word leads to its card alone, and becomes a button, too.

import { breath } from "./rest.js";

const HOVER_MS = 120;
const GAP_PX = 12;

/** @type {{opener: HTMLElement, card: HTMLElement} | null} what was opened last */
let last = null;

/** @param {HTMLAnchorElement} link @param {HTMLElement} card */
function makeButton(link, card) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.append(...link.childNodes);
  for (const name of ["aria-label", "aria-describedby"]) {
    if (link.hasAttribute(name)) button.setAttribute(name, link.getAttribute(name) ?? "");
  }
  button.popoverTargetElement = card;
  link.replaceWith(button);
  openBy(button, card);
}

/** A button whose words break over lines as a link's do. @param {HTMLAnchorElement} link @param {HTMLElement} card */
function pressToOpen(link, card) {
  let pointer = "";
  let wasOpen = false; // a tap outside an open card closes it before the click comes
  const isPointed = (/** @type {MouseEvent} */ event) => event.detail > 0;
  const follows = (/** @type {MouseEvent} */ event) =>
    (isPointed(event) && pointer === "mouse") || event.ctrlKey || event.metaKey || event.shiftKey;
  link.role = "button";
  link.setAttribute("aria-controls", card.id);
  link.ariaExpanded = "false";
  card.addEventListener("toggle", ({ newState }) => (link.ariaExpanded = String(newState === "open")));
  link.addEventListener("pointerdown", (event) => {
    pointer = event.pointerType;
    wasOpen = card.matches(":popover-open");
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault(); // which would scroll
    link.click();
  });
  openBy(link, card, follows);
  link.addEventListener("click", (event) => {
    if (follows(event) || event.defaultPrevented) return;
    event.preventDefault();
    if (card.matches(":popover-open")) card.hidePopover();
    else if (!(isPointed(event) && wasOpen)) card.showPopover({ source: link });
  });
}

/**
 * Open by hover, too, and close when the focus goes elsewhere.
 * @param {HTMLElement} opener @param {HTMLElement} card
 * @param {(event: MouseEvent) => boolean} follows whether a press leads on instead
 */
function openBy(opener, card, follows = () => false) {
  let timer = 0;
  let by = ""; // what opens or opened it: a press keeps open what "hover" opened
  const isOpen = () => card.matches(":popover-open");
  const leave = () => {
    clearTimeout(timer);
    timer = setTimeout(() => by === "hover" && !card.matches(":hover, :focus-within") && card.hidePopover(), HOVER_MS * 2);
  };
  opener.addEventListener("pointerenter", (event) => {
    clearTimeout(timer);
    if (event.pointerType !== "mouse") return;
    timer = setTimeout(() => {
      if (isOpen()) return;
      by = "hover";
      last = { opener, card };
      card.showPopover({ source: opener });
    }, HOVER_MS);
  });
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  opener.addEventListener("click", (event) => {
    clearTimeout(timer); // a press that closes the card soon after the pointer came is not undone by the hover
    if (follows(event)) return;
    if (by === "hover" && isOpen()) event.preventDefault();
    by = "press";
    last = { opener, card };
  });
  for (const element of [opener, card]) {
    element.addEventListener("pointerleave", leave);
    // Left open, a card at the foot would lie over what is focused next.
    element.addEventListener("focusout", ({ relatedTarget: next }) => {
      if (next instanceof Node && next !== opener && !card.contains(next)) card.hidePopover();
    });
  }
  card.addEventListener("beforetoggle", () => requestAnimationFrame(place)); // when it has its size, and before it is drawn
  card.addEventListener("toggle", ({ newState }) => {
    if (newState === "closed") by = "";
    else if (by === "press") uncover(opener, card);
  });
}

/**
 * Tell the style sheet where the words are now. It doesn't ask by `anchor()`: for what is fixed, Firefox and Safari
 * answer with where the words were before the page was scrolled.
 */
function place() {
  if (!last?.card.matches(":popover-open")) return;
  last.card.style.setProperty("--words-top", `${last.opener.getBoundingClientRect().top}px`);
  last.card.style.setProperty("--card-height", `${last.card.offsetHeight}px`);
}

/** Scroll the words out from under a card at the foot. One in the margin covers none. */
function uncover(opener, card) {
  const [words, sheet] = [opener, card].map((element) => element.getBoundingClientRect());
  const beside = words.right <= sheet.left || words.left >= sheet.right;
  if (!beside && words.bottom > sheet.top) scrollBy(0, words.bottom - sheet.top + GAP_PX);
}

if ("popover" in HTMLElement.prototype) connect();

async function connect() {
  for (const link of document.querySelectorAll("a[data-card]")) {
    await breath();
    const card = document.getElementById(link.dataset.card ?? "");
    const leadsOn = link.classList.contains("term") && link.hash !== `#${card?.id}`;
    if (card) (leadsOn ? pressToOpen : makeButton)(link, card);
  }
  for (const event of ["scroll", "resize"]) addEventListener(event, place, { capture: true, passive: true });
}
