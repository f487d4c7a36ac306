// How a figure keeps up while it moves. Without a graphics card the processor paints each point of it,
// so there it is painted plainly: what costs most is left out while it moves and comes back when it stands.

const SLOW_MS = 34; // a frame that takes longer is seen as a jerk
const SLOW_FRAMES = 6;
const [STANDING, MOVING] = [1, 0.6]; // pixels drawn for each of the page's, where it is slow
const BY_PROCESSOR = /swiftshader|llvmpipe|software|basic render/i;

/** What has the processor wait until all is drawn, done without. */
const UNASKED = { readPixels() {}, isBuffer: () => true };

let slow = false;

/** Whether this browser draws with WebGL. Asked first: plotly would cover the picture with a notice of its own. */
export function drawsIn3d() {
  const context = document.createElement("canvas").getContext("webgl");
  const named = context?.getExtension("WEBGL_debug_renderer_info");
  slow ||= Boolean(named && BY_PROCESSOR.test(String(context?.getParameter(named.UNMASKED_RENDERER_WEBGL))));
  context?.getExtension("WEBGL_lose_context")?.loseContext(); // a page gets only a few
  return Boolean(context);
}

/**
 * Let plotly make its drawing and not wait for what lies under the pointer, until `Pace` rests; where it is slow, without
 * smoothed edges. It has settings for neither.
 * @template T @param {() => Promise<T>} draw
 */
export async function plainly(draw) {
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = /** @type {any} */ (
    /** @this {HTMLCanvasElement} */ function (/** @type {string} */ kind, /** @type {any} */ wanted) {
      if (!/webgl/.test(kind)) return getContext.call(this, kind, wanted);
      const context = getContext.call(this, kind, slow ? { ...wanted, antialias: false } : wanted);
      return context && Object.assign(context, UNASKED);
    }
  );
  try {
    return await draw();
  } finally {
    HTMLCanvasElement.prototype.getContext = getContext;
  }
}

export class Pace {
  #held = false;

  /**
   * @param {HTMLElement} place @param {() => any} glplot plotly's own drawing
   * @param {() => boolean} isGlass whether something transparent has to stay
   */
  constructor(place, glplot, isGlass) {
    this.glplot = glplot;
    this.isGlass = isGlass;
    this.#sharpen(STANDING);
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
    // What lies under the pointer is asked for once the figure is seen.
    requestAnimationFrame(() => requestAnimationFrame(() => this.#held || this.rest()));
  }

  /**
   * It begins to move. After each frame plotly draws everything once more, to know what lies under the
   * pointer, and waits for it: while it moves nobody asks.
   */
  move() {
    const drawing = this.glplot();
    if (!drawing?.gl) return;
    Object.assign(drawing.gl, UNASKED);
    for (const object of drawing.objects) {
      object.drawPick = null;
      if (slow && !this.isGlass() && object.isTransparent?.()) object.isTransparent = () => false;
    }
    this.#sharpen(MOVING);
  }

  /** It stands: all of it is drawn again. */
  rest() {
    const drawing = this.glplot();
    if (!drawing?.gl) return;
    for (const name of Object.keys(UNASKED)) delete drawing.gl[name];
    for (const object of drawing.objects) {
      for (const name of ["drawPick", "isTransparent"]) delete object[name];
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
