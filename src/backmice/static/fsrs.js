// When an item should come back: FSRS 6 without learning steps and without fuzz, so that the same history
// gives the same day for everybody. Equal to the `fsrs` package of its makers (Scheduler with
// learning_steps=(), relearning_steps=(), enable_fuzzing=False); a test holds it to that.

/**
 * @typedef {1 | 2 | 3 | 4} Rating again, hard, good, easy
 * @typedef {{at: number, rating: Rating}} Review `at` in milliseconds since 1970
 * @typedef {{stability: number, difficulty: number, at: number, due: number}} Card stability in days
 */

export const AGAIN = 1;
export const HARD = 2;
export const GOOD = 3;
export const EASY = 4;

/** The makers' default parameters, fsrs 6.3.2. */
const W = [
  0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483,
  0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
];
const RETENTION = 0.9; // the chance of recall at which an item is due
const LONGEST_DAYS = 36500;
const LEAST_STABILITY = 0.001;
const DAY_MS = 86_400_000;
const DECAY = -W[20];
const FACTOR = 0.9 ** (1 / DECAY) - 1;

/**
 * @param {Review[]} history oldest first
 * @returns {Card | null} null of no review
 */
export const schedule = (history) => history.reduce(review, /** @type {Card | null} */ (null));

/**
 * @param {Card} card
 * @param {number} now in milliseconds since 1970
 * @returns {number} the chance of recall, 0 to 1; it falls once a whole day has passed
 */
export function retrievability(card, now) {
  const days = Math.max(0, Math.floor((now - card.at) / DAY_MS));
  return (1 + (FACTOR * days) / card.stability) ** DECAY;
}

/** @param {Card | null} card @param {Review} review @returns {Card} */
function review(card, { at, rating }) {
  const stability = Math.max(LEAST_STABILITY, card ? nextStability(card, at, rating) : W[rating - 1]);
  const difficulty = clamp(card ? nextDifficulty(card.difficulty, rating) : firstDifficulty(rating));
  return { stability, difficulty, at, due: at + interval(stability) * DAY_MS };
}

/** @param {Card} card @param {number} at @param {Rating} rating */
function nextStability(card, at, rating) {
  const { stability: s, difficulty: d } = card;
  if (Math.floor((at - card.at) / DAY_MS) < 1) {
    const grows = Math.exp(W[17] * (rating - 3 + W[18])) * s ** -W[19];
    return s * (rating === AGAIN ? grows : Math.max(grows, 1));
  }
  const forgotten = 1 - retrievability(card, at);
  if (rating === AGAIN) {
    const long = W[11] * d ** -W[12] * ((s + 1) ** W[13] - 1) * Math.exp(forgotten * W[14]);
    return Math.min(long, s / Math.exp(W[17] * W[18]));
  }
  const bonus = rating === HARD ? W[15] : rating === EASY ? W[16] : 1;
  return s * (1 + Math.exp(W[8]) * (11 - d) * s ** -W[9] * (Math.exp(forgotten * W[10]) - 1) * bonus);
}

/** @param {Rating} rating */
const firstDifficulty = (rating) => W[4] - Math.exp(W[5] * (rating - 1)) + 1;

/** @param {number} difficulty @param {Rating} rating */
function nextDifficulty(difficulty, rating) {
  const damped = difficulty + ((10 - difficulty) * -W[6] * (rating - 3)) / 9;
  return W[7] * firstDifficulty(EASY) + (1 - W[7]) * damped;
}

/** @param {number} difficulty */
const clamp = (difficulty) => Math.min(Math.max(difficulty, 1), 10);

/** @param {number} stability @returns {number} whole days */
function interval(stability) {
  const days = (stability / FACTOR) * (RETENTION ** (1 / DECAY) - 1);
  return Math.min(Math.max(toEven(days), 1), LONGEST_DAYS);
}

/** @param {number} x a half goes to the even neighbour, as in Python */
function toEven(x) {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 ? low + 1 : low;
}
