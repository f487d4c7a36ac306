// Seals what is handed in, so that the instructor alone can open it, and opens it. libsodium does both, as in
// assign/envelope.py.

import sodium from "libsodium-wrappers";

const RECEIPT_BYTES = 16;

/**
 * @param {unknown} content
 * @param {string} publicKey base64
 * @returns {Promise<{sealed: string, bytes: number, receipt: string}>} sealed: base64
 */
export async function seal(content, publicKey) {
  await sodium.ready;
  const { ORIGINAL } = sodium.base64_variants;
  const sealed = sodium.crypto_box_seal(JSON.stringify(content), sodium.from_base64(publicKey, ORIGINAL));
  return { sealed: sodium.to_base64(sealed, ORIGINAL), bytes: sealed.length, receipt: digest(sealed) };
}

/**
 * @param {string} sealed base64
 * @returns {Promise<{bytes: number, receipt: string} | null>} null if it is no base64
 */
export async function receiptOf(sealed) {
  await sodium.ready;
  const bytes = bytesOf(sealed);
  return bytes && { bytes: bytes.length, receipt: digest(bytes) };
}

/**
 * @param {string} sealed base64
 * @param {{public_key: string, secret_key: string}} keys base64
 * @returns {Promise<string | null>} null if it does not open
 */
export async function openSealed(sealed, keys) {
  await sodium.ready;
  const [content, mine, secret] = [sealed, keys.public_key, keys.secret_key].map(bytesOf);
  try {
    return sodium.to_string(sodium.crypto_box_seal_open(content, mine, secret));
  } catch {
    return null;
  }
}

/** @param {string} text base64 @returns {Uint8Array | null} */
function bytesOf(text) {
  try {
    return sodium.from_base64(text, sodium.base64_variants.ORIGINAL);
  } catch {
    return null;
  }
}

/** @param {Uint8Array} sealed */
function digest(sealed) {
  const hex = sodium.to_hex(sodium.crypto_generichash(RECEIPT_BYTES, sealed));
  return /** @type {string[]} */ (hex.match(/.{4}/g)).join("-");
}
