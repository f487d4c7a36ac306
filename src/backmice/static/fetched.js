// Files of the course that elements ask for while the reader looks on. A server hands them out. Opened from a folder,
// where browsers let no script read a file, each comes as a script that holds its text: backmice.folder writes those.

import { scriptUrl } from "./trusted.js";

/** @type {Map<string, string>} texts by the address of the script that brought them */
const brought = (/** @type {any} */ (globalThis)[Symbol.for("backmice files")] ??= new Map());

/**
 * @param {string | URL} address from the page
 * @returns {Promise<string>}
 * @throws {Error} if it is not there, or out of reach
 */
export async function fetchText(address) {
  const url = new URL(address, document.baseURI);
  if (url.protocol === "file:") return bring(url);
  const response = await fetch(url).catch(() => {
    throw new Error("The course can’t be reached: the connection may be gone");
  });
  if (!response.ok) throw new Error(`${url.pathname} answers ${response.status}`);
  return response.text();
}

/**
 * @param {string | URL} address
 * @returns {Promise<any>}
 * @throws {Error} as `fetchText`, or if it is no JSON
 */
export const fetchJson = async (address) => JSON.parse(await fetchText(address));

/**
 * Whether this browser keeps some files, so that they come without a network.
 * @param {(string | URL)[]} addresses from the page
 * @returns {Promise<boolean>} none where no worker tells
 */
export function areKept(addresses) {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return Promise.resolve(false);
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ kept: addresses.map((address) => new URL(address, document.baseURI).href) }, [port2]);
  return new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data === true)));
}

/** @param {URL} url @returns {Promise<string>} */
function bring(url) {
  const script = document.createElement("script");
  script.src = scriptUrl(Object.assign(new URL(url), { pathname: `${url.pathname}.js` }));
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`${url.pathname} is not in the folder`));
    script.onerror = fail;
    script.onload = () => {
      const text = brought.get(script.src);
      brought.delete(script.src); // whoever asked holds it now
      text === undefined ? fail() : resolve(text);
    };
    document.head.append(script);
  }).finally(() => script.remove());
}
