// The rules for paper: a page fetches them when all else has come, and who prints it waits for them.

/** @type {Promise<unknown> | undefined} */ let coming;

/** Ask for the rules, if nobody has yet, and wait until they hold or can't be had. */
export function rulesForPaper() {
  return (coming ??= ask(document.querySelector("link[media=print]")));
}

/** @param {HTMLLinkElement | null} link none where a page brings all its rules in one sheet */
function ask(link) {
  if (!link?.disabled) return Promise.resolve();
  const answered = new Promise((resolve) => (link.onload = link.onerror = resolve));
  link.disabled = false;
  return answered;
}
