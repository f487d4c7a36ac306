// Touch: one finger scrolls the page over the figure, two turn it; a button lets one finger turn it too.

const RADIANS_PER_PX = 0.008;

/** @param {any} figure the element, drawn @param {boolean} [asked] it was asked for by a press, and is to turn at once */
export function guardTouch(figure, asked = false) {
  const place = figure.plot.place;
  const guard = () => {
    place.style.pointerEvents = "none";
    figure.offer("Turn with one finger", free);
  };
  const free = () => {
    place.style.pointerEvents = "";
    figure.offer("Done turning", guard);
  };
  asked ? free() : guard();
  turnByTwo(figure);
}

/** @param {any} figure */
function turnByTwo(figure) {
  const { stage } = figure;
  stage.classList.add("is-touched"); // the browser leaves two fingers to us
  /** @type {[number, number] | null} the middle of two fingers */ let held = null;
  const middle = (/** @type {TouchList} */ [a, b]) => /** @type {[number, number]} */ ([(a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2]);
  stage.addEventListener("touchstart", (/** @type {TouchEvent} */ { touches }) => (held = touches.length === 2 ? middle(touches) : null));
  stage.addEventListener("touchmove", (/** @type {TouchEvent} */ event) => {
    if (!held || event.touches.length !== 2) return;
    event.preventDefault();
    const now = middle(event.touches);
    figure.plot?.turn((held[0] - now[0]) * RADIANS_PER_PX, (now[1] - held[1]) * RADIANS_PER_PX);
    held = now;
  }, { passive: false });
  for (const end of ["touchend", "touchcancel"]) stage.addEventListener(end, () => (held = null));
}
