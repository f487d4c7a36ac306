// Claims in running text: the link to the evidence page becomes a button that opens the claim's card.
// Hover and keyboard focus open it too; Escape and a tap elsewhere close it (native popover).

const HOVER_MS = 120;
const GAP_PX = 12;

/** @type {HTMLButtonElement | null} the button whose press or focus opened the last card */
let asked = null;

/** @param {HTMLAnchorElement} link */
function upgrade(link) {
  const card = document.getElementById(link.dataset.card ?? "");
  if (!card || !("popover" in HTMLElement.prototype)) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.textContent = link.textContent;
  button.setAttribute("aria-label", link.getAttribute("aria-label") ?? "");
  button.popoverTargetElement = card;
  link.replaceWith(button);
  openUnasked(button, card);
}

/** Open by hover and focus too. @param {HTMLButtonElement} button @param {HTMLElement} card */
function openUnasked(button, card) {
  let timer = 0;
  let opened = false; // by hover or focus: then a press keeps it open
  let closing = false; // Escape gives the focus back to the button meanwhile, when nothing can be opened
  const isOpen = () => card.matches(":popover-open");
  const open = () => {
    if (isOpen() || closing) return;
    card.showPopover({ source: button });
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
  button.addEventListener("pointerenter", hover);
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  button.addEventListener("focus", () => {
    if (!button.matches(":focus-visible")) return;
    asked = button;
    open();
  });
  button.addEventListener("click", (event) => {
    clearTimeout(timer); // a press that closes the card soon after the pointer came is not undone by the hover
    asked = button;
    if (opened && isOpen()) event.preventDefault();
    opened = false;
  });
  for (const element of [button, card]) {
    element.addEventListener("pointerleave", leave);
    // Left open, a card at the foot would lie over what is focused next.
    element.addEventListener("focusout", ({ relatedTarget: next }) => {
      if (opened && next instanceof Node && next !== button && !card.contains(next)) card.hidePopover();
    });
  }
  card.addEventListener("beforetoggle", (event) => (closing = event.newState === "closed"));
  card.addEventListener("toggle", (event) => {
    if (event.newState === "closed") opened = closing = false;
    else if (asked === button) uncover(button, card);
  });
}

/** Scroll the words out from under a card at the foot. One in the margin covers none. */
function uncover(button, card) {
  const [words, sheet] = [button, card].map((element) => element.getBoundingClientRect());
  const beside = words.right <= sheet.left || words.left >= sheet.right;
  if (!beside && words.bottom > sheet.top) scrollBy(0, words.bottom - sheet.top + GAP_PX);
}

document.querySelectorAll("a.how[data-card]").forEach(upgrade);
