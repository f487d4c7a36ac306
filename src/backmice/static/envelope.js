// Seals what is handed in, so that the instructor alone can open it. libsodium does it, as in assign/envelope.py.

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
  const digest = sodium.to_hex(sodium.crypto_generichash(RECEIPT_BYTES, sealed));
  const receipt = /** @type {string[]} */ (digest.match(/.{4}/g)).join("-");
  return { sealed: sodium.to_base64(sealed, ORIGINAL), bytes: sealed.length, receipt };
}
