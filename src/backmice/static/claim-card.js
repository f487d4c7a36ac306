// Claims in running text: the link to the evidence page becomes a button that opens the claim's card.
// Hover and keyboard focus open it too; Escape and a tap elsewhere close it (native popover).

const HOVER_MS = 120;

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
  openOnHover(button, card);
}

/** @param {HTMLButtonElement} button @param {HTMLElement} card */
function openOnHover(button, card) {
  let timer = 0;
  let opened = false; // by hover or focus: then a press keeps it open
  const isOpen = () => card.matches(":popover-open");
  const open = () => {
    if (isOpen()) return;
    card.showPopover({ source: button });
    opened = true;
  };
  const leave = () => {
    clearTimeout(timer);
    timer = setTimeout(() => opened && !card.matches(":hover, :focus-within") && card.hidePopover(), HOVER_MS * 2);
  };
  const hover = (event) => {
    clearTimeout(timer);
    if (event.pointerType === "mouse") timer = setTimeout(open, HOVER_MS);
  };
  button.addEventListener("pointerenter", hover);
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  for (const element of [button, card]) element.addEventListener("pointerleave", leave);
  button.addEventListener("focus", () => button.matches(":focus-visible") && open());
  button.addEventListener("click", (event) => {
    if (opened && isOpen()) event.preventDefault();
    opened = false;
  });
  card.addEventListener("toggle", (event) => {
    if (event.newState === "closed") opened = false;
  });
}

document.querySelectorAll("a.how[data-card]").forEach(upgrade);
