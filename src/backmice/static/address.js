// The page's own address, which keeps what was asked for, so that Back leads to it again.

/** @param {string | URL} address without another entry in the history */
export function readdress(address) {
  try {
    history.replaceState(null, "", address);
  } catch {
    // Some browsers refuse it to a file, or to one who types fast: the address then stays as it was.
  }
}
