// How a figure keeps up while it moves. Without a graphics card the processor paints each point of it,
// so there it is painted plainly: what costs most is left out while it moves and comes back when it stands.

const SLOW_MS = 34; // a frame that takes longer is seen as a jerk
const SLOW_FRAMES = 6;
const [STANDING, MOVING] = [1, 0.6]; // pixels drawn for each of the page's, where it is slow
const BY_PROCESSOR = /swiftshader|llvmpipe|software|basic render/i;

let slow = false;
/** @type {boolean | undefined} */ let draws;

/** Whether this browser draws with WebGL. Asked first: plotly would cover the picture with a notice of its own. */
export const drawsIn3d = () => (draws ??= ask());

function ask() {
  const context = document.createElement("canvas").getContext("webgl");
  const named = context?.getExtension("WEBGL_debug_renderer_info");
  slow ||= Boolean(named && BY_PROCESSOR.test(String(context?.getParameter(named.UNMASKED_RENDERER_WEBGL))));
  context?.getExtension("WEBGL_lose_context")?.loseContext(); // a page gets only a few
  return Boolean(context);
}

/** Where it is slow, plotly is to draw a pixel for each of the page's and not four, and no smoothed edges. */
export const sharpness = () => (slow ? { plotGlPixelRatio: STANDING } : {});

export class Pace {
  #held = false;

  /**
   * @param {HTMLElement} place @param {() => any} glplot plotly's own drawing
   * @param {() => boolean} isGlass whether something transparent has to stay
   */
  constructor(place, glplot, isGlass) {
    this.glplot = glplot;
    this.isGlass = isGlass;
    place.addEventListener("pointerdown", () => {
      this.#held = true;
      this.move();
      this.#watch();
    });
    const end = () => {
      if (this.#held) this.rest();
      this.#held = false;
    };
    for (const over of ["pointerup", "pointercancel"]) addEventListener(over, end);
  }

  /** It begins to move. */
  move() {
    const drawing = this.glplot();
    if (!drawing?.gl) return;
    const dull = slow && !this.isGlass() ? drawing.objects.filter((/** @type {any} */ object) => object.isTransparent?.()) : [];
    for (const object of dull) object.isTransparent = () => false;
    this.#sharpen(MOVING);
  }

  /** It stands: all of it is drawn again. */
  rest() {
    const drawing = this.glplot();
    if (!drawing?.gl) return;
    for (const object of drawing.objects) {
      delete object.isTransparent;
      object.dirty = true;
    }
    this.#sharpen(STANDING);
  }

  /** @param {number} ratio */
  #sharpen(ratio) {
    const drawing = this.glplot();
    if (slow && drawing) drawing.pixelRatio = ratio;
  }

  /** A machine that can't keep up is slow from then on. */
  #watch() {
    let [last, late] = [performance.now(), 0];
    const frame = (/** @type {number} */ now) => {
      const took = now - last;
      last = now;
      late = took > SLOW_MS ? late + 1 : 0;
      if (late >= SLOW_FRAMES) {
        slow = true;
        return this.move();
      }
      if (this.#held && !slow) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }
}
