// The contents open where the reader is: beside the text, or over it on a phone.
const contents = document.getElementById("contents");
const here = contents?.querySelector("[aria-current]");

/** Scrolls the list alone; the page stays where it is. */
function show() {
  if (!(contents && here instanceof HTMLElement)) return;
  const { top, height } = here.getBoundingClientRect();
  const list = contents.getBoundingClientRect();
  const isSeen = top >= list.top && top + height <= list.bottom;
  if (!isSeen) contents.scrollTop += top - list.top - (list.height - height) / 2;
}

contents?.addEventListener("toggle", show);
// Drawn by then: to ask where things are costs nothing.
requestAnimationFrame(() => setTimeout(show));
