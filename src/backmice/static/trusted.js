// Addresses of scripts under Trusted Types: only what lies on the course's own site may run.

/** @param {string} address @throws {TypeError} if it lies elsewhere */
function own(address) {
  const { origin, href } = new URL(address, document.baseURI);
  if (origin !== location.origin) throw new TypeError(`A script from elsewhere: ${origin}`);
  return href;
}

const policy = globalThis.trustedTypes?.createPolicy("backmice", { createScriptURL: own });

/**
 * @param {string} address of this site
 * @returns {any} the whole address, as what runs scripts takes it
 * @throws {TypeError} if it lies elsewhere
 */
export const scriptUrl = (address) => policy?.createScriptURL(address) ?? own(address);
