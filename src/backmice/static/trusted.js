// The one door for what becomes HTML or the address of a script, where the browser has Trusted Types: addresses of our
// own origin, and pages of our own build, out of which scripts, handlers and styles are taken all the same.

const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("backmice", {
  createHTML: (/** @type {string} */ text) => text,
  createScriptURL: (/** @type {string} */ address) => address,
});
const NEVER = "script, style, iframe, object, embed, base, meta, link";
const ADDRESSES = ["href", "xlink:href", "src", "action", "formaction"];

/**
 * Read HTML that the build has made.
 * @param {string} text
 * @returns {Document} never run: without scripts, styles, handlers and frames
 */
export function pageOf(text) {
  const page = new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");
  const within = [page, ...[...page.querySelectorAll("template")].map(({ content }) => content)];
  for (const root of within) {
    for (const element of root.querySelectorAll(NEVER)) element.remove();
    for (const element of root.querySelectorAll("*")) clean(element);
  }
  return page;
}

/** @param {string} text @returns {DocumentFragment} what the body of such HTML holds, for this document */
export function fragmentOf(text) {
  const fragment = document.createDocumentFragment();
  fragment.append(...pageOf(text).body.childNodes);
  return fragment;
}

/**
 * @param {string | URL} address of a script or worker
 * @returns {any} for `src`, `new Worker` and `register`
 * @throws {TypeError} if it isn't of our own origin
 */
export function scriptUrl(address) {
  const url = new URL(address, document.baseURI);
  if (url.origin !== new URL(document.baseURI).origin || !/^(https?|blob|file):$/.test(url.protocol)) {
    throw new TypeError(`${url.href} is not of this site`);
  }
  return policy ? policy.createScriptURL(url.href) : url.href;
}

/** @param {Element} element */
function clean(element) {
  for (const { name, value } of [...element.attributes]) {
    const leads = ADDRESSES.includes(name) && /^(javascript|vbscript|data):/i.test(value.replace(/[\s\0-\x1f]/g, "")) && !/^data:image\//i.test(value);
    if (name.startsWith("on") || name === "style" || name === "srcdoc" || leads) element.removeAttribute(name);
  }
}
