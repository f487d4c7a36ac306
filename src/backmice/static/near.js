// What a page does when its reader comes near an element, or the address asks for it.

const AHEAD = "200%"; // of the window

/**
 * @param {Iterable<Element>} elements
 * @param {() => Promise<unknown>} act done once, when the first of them is near; if it fails, they stay as they are
 * @param {string} [asks] how the address begins that asks for it
 */
export function whenNear(elements, act, asks) {
  const near = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && begin(), { rootMargin: AHEAD });
  const look = () => asks && location.hash.startsWith(asks) && begin();
  const begin = () => {
    near.disconnect();
    removeEventListener("hashchange", look);
    act().catch((error) => console.warn(error));
  };
  for (const element of elements) near.observe(element);
  addEventListener("hashchange", look);
  look();
}
