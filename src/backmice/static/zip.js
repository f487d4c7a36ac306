// ZIP archives: what platforms hand out is opened, and sheets are packed. The browser itself packs and unpacks.
// Source: PKWARE's APPNOTE 6.3.10, sections 4.3 and 4.4. Neither encrypted archives nor ZIP64 are opened.

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const [STORED, DEFLATED] = [0, 8];
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const ZIP64 = 0xffffffff;
export const MOST = 200_000_000; // bytes unpacked: a small archive may hold very much of the same
const [ENCRYPTED, UTF_8] = [1, 1 << 11];
const DAY_ONE = 0x0021; // 1 January 1980, so that the same sheets give the same bytes

/** @param {Uint8Array} bytes whether they begin as an archive does */
export const isZip = (bytes) => bytes.length >= END_BYTES && [LOCAL, END].includes(view(bytes).getUint32(0, true));

/** @param {Uint8Array} bytes */
const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * @param {Uint8Array} bytes
 * @param {number} largest what is larger, unpacked, is cut one byte after it
 * @returns {Promise<{name: string, bytes: Uint8Array}[]>} the files in it, folders left out
 * @throws {RangeError} if it is damaged, or of a kind that is not opened
 */
export async function unzip(bytes, largest) {
  const found = [];
  let all = 0;
  for (const { name, flags, method, packed, size, at } of entries(bytes)) {
    if (name.endsWith("/")) continue;
    if (flags & ENCRYPTED) throw new RangeError(`'${name}' is encrypted`);
    if (method !== STORED && method !== DEFLATED) throw new RangeError(`'${name}' is packed in a way that is not read here`);
    const data = view(bytes);
    if (at + 30 > bytes.length || data.getUint32(at, true) !== LOCAL) throw new RangeError(`'${name}' is not where the archive says`);
    const from = at + 30 + data.getUint16(at + 26, true) + data.getUint16(at + 28, true);
    if (from + packed > bytes.length) throw new RangeError(`'${name}' ends before it is complete`);
    const content = bytes.subarray(from, from + packed);
    all += Math.min(Math.max(size, method === STORED ? packed : 0), largest + 1);
    if (all > MOST) throw new RangeError("the archive unpacks to over 200 MB; give parts of it");
    const whole = method === STORED ? content.subarray(0, largest + 1) : await inflate(content, name, largest);
    if (whole.length > size && size <= largest) throw new RangeError(`'${name}' is damaged`);
    found.push({ name, bytes: whole });
  }
  return found;
}

/** @param {Uint8Array} bytes */
function* entries(bytes) {
  const data = view(bytes);
  let end = bytes.length - END_BYTES;
  while (end >= 0 && data.getUint32(end, true) !== END) if (end-- <= bytes.length - END_BYTES - LONGEST_COMMENT) end = -1;
  if (end < 0) throw new RangeError("the archive ends before it is complete");
  const count = data.getUint16(end + 10, true);
  let at = data.getUint32(end + 16, true);
  if (at === ZIP64) throw new RangeError("the archive is a ZIP64, which is not read here");
  for (let n = 0; n < count; n++) {
    if (at + 46 > bytes.length || data.getUint32(at, true) !== CENTRAL) throw new RangeError("the archive’s table of contents is damaged");
    const [name, extra, comment] = [28, 30, 32].map((place) => data.getUint16(at + place, true));
    yield {
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)),
      flags: data.getUint16(at + 8, true),
      method: data.getUint16(at + 10, true),
      packed: data.getUint32(at + 20, true),
      size: data.getUint32(at + 24, true),
      at: data.getUint32(at + 42, true),
    };
    at += 46 + name + extra + comment;
  }
}

/** @param {Uint8Array} content @param {string} name @param {number} largest */
async function inflate(content, name, largest) {
  const parts = [];
  let size = 0;
  try {
    const stream = new Blob([/** @type {any} */ (content)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const reader = stream.getReader();
    for (let read = await reader.read(); !read.done && size <= largest; read = await reader.read()) {
      parts.push(read.value);
      size += read.value.length;
    }
    if (size > largest) await reader.cancel();
  } catch {
    throw new RangeError(`'${name}' is damaged`);
  }
  return joined(parts).subarray(0, largest + 1);
}

/**
 * @param {Record<string, string>} files texts by name
 * @returns {Promise<Uint8Array>} an archive of them; the same files give the same bytes in the same browser
 */
export async function zip(files) {
  const [local, central] = [/** @type {Uint8Array[]} */ ([]), /** @type {Uint8Array[]} */ ([])];
  let at = 0;
  for (const [path, text] of Object.entries(files)) {
    const [name, plain] = [path, text].map((words) => new TextEncoder().encode(words));
    const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const packed = new Uint8Array(await new Response(stream).arrayBuffer());
    const facts = /** @type {[number, number][]} */ ([[2, 20], [2, UTF_8], [2, DEFLATED], [2, 0], [2, DAY_ONE], [4, crc32(plain)], [4, packed.length], [4, plain.length], [2, name.length], [2, 0]]); // prettier-ignore
    const parts = [numbers([[4, LOCAL], ...facts]), name, packed];
    local.push(...parts);
    central.push(numbers([[4, CENTRAL], [2, 20], ...facts, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]]), name);
    at += parts.reduce((sum, part) => sum + part.length, 0);
  }
  const [count, size] = [Object.keys(files).length, central.reduce((sum, part) => sum + part.length, 0)];
  return joined([...local, ...central, numbers([[4, END], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, at], [2, 0]])]);
}

/** @param {[number, number][]} fields how many bytes, and what stands in them */
function numbers(fields) {
  const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view(bytes).setUint16(at, value, true);
    else view(bytes).setUint32(at, value, true);
    at += size;
  }
  return bytes;
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let remainder = n;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? 0xedb88320 ^ (remainder >>> 1) : remainder >>> 1;
  return remainder;
});

/** @param {Uint8Array} bytes */
function crc32(bytes) {
  let remainder = ~0;
  for (const byte of bytes) remainder = TABLE[(remainder ^ byte) & 0xff] ^ (remainder >>> 8);
  return ~remainder >>> 0;
}
