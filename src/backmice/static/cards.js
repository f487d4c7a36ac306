// Cards beside the words they speak of: a claim's, and a definition from the glossary.
// Hover and keyboard focus open them; Escape and a tap elsewhere close them (native popover).
// The link of a claim becomes a button; a word stays a link to the glossary, and a tap opens its card instead.
// In a host without a glossary a word leads to its card alone, and becomes a button, too.

const HOVER_MS = 120;
const GAP_PX = 12;

/** @type {HTMLElement | null} what opened the last card by a press or by focus, and not by hover */
let asked = null;
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
  openUnasked(button, card);
}

/** @param {HTMLAnchorElement} link @param {HTMLElement} card */
function openByTap(link, card) {
  let tapped = false;
  let wasOpen = false; // a tap outside an open card closes it before the click comes
  link.addEventListener("pointerdown", (event) => {
    tapped = event.pointerType !== "mouse";
    wasOpen = card.matches(":popover-open");
  });
  openUnasked(link, card);
  link.addEventListener("click", (event) => {
    if (!tapped) return;
    event.preventDefault();
    if (!wasOpen) card.showPopover({ source: link });
    tapped = false; // the next click may be the keyboard's
  });
}

/** Open by hover and focus too. @param {HTMLElement} opener @param {HTMLElement} card */
function openUnasked(opener, card) {
  let timer = 0;
  let opened = false; // by hover or focus: then a press keeps it open
  let closing = false; // Escape gives the focus back to the opener meanwhile, when nothing can be opened
  const isOpen = () => card.matches(":popover-open");
  const open = () => {
    if (isOpen() || closing) return;
    last = { opener, card };
    card.showPopover({ source: opener });
    opened = true;
  };
  const leave = () => {
    clearTimeout(timer);
    timer = setTimeout(() => opened && !card.matches(":hover, :focus-within") && card.hidePopover(), HOVER_MS * 2);
  };
  const hover = (/** @type {PointerEvent} */ event) => {
    clearTimeout(timer);
    if (event.pointerType !== "mouse") return;
    timer = setTimeout(() => {
      if (!isOpen()) asked = null;
      open();
    }, HOVER_MS);
  };
  opener.addEventListener("pointerenter", hover);
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  opener.addEventListener("focus", () => {
    if (!opener.matches(":focus-visible")) return;
    asked = opener;
    open();
  });
  opener.addEventListener("click", (event) => {
    clearTimeout(timer); // a press that closes the card soon after the pointer came is not undone by the hover
    asked = opener;
    last = { opener, card };
    if (opened && isOpen() && opener instanceof HTMLButtonElement) event.preventDefault();
    opened = false;
  });
  for (const element of [opener, card]) {
    element.addEventListener("pointerleave", leave);
    // Left open, a card at the foot would lie over what is focused next.
    element.addEventListener("focusout", ({ relatedTarget: next }) => {
      if (opened && next instanceof Node && next !== opener && !card.contains(next)) card.hidePopover();
    });
  }
  card.addEventListener("beforetoggle", (event) => {
    closing = event.newState === "closed";
    requestAnimationFrame(place); // when it has its size, and before it is drawn
  });
  card.addEventListener("toggle", (event) => {
    if (event.newState === "closed") opened = closing = false;
    else if (asked === opener) uncover(opener, card);
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

if ("popover" in HTMLElement.prototype) {
  for (const link of document.querySelectorAll("a[data-card]")) {
    const card = document.getElementById(link.dataset.card ?? "");
    const leadsOn = link.classList.contains("term") && link.hash !== `#${card?.id}`;
    if (card) (leadsOn ? openByTap : makeButton)(link, card);
  }
  for (const event of ["scroll", "resize"]) addEventListener(event, place, { capture: true, passive: true });
}
