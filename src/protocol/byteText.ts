const decoder = new TextDecoder()

/** Enough to tell by it whether a response is likely to be ASCII. */
const SAMPLE_BYTES = 65_536

/** Stands in the text for each byte that is not ASCII: no line end, no dash, nothing that a boundary may hold. */
export const NOT_ASCII = '\x7f'

/**
 * Bytes as one character each, so that places in the text are places in the bytes: ASCII as it is, anything else as
 * {@link NOT_ASCII}. A Latin-1 decoder would do, but takes three times as long in some engines.
 */
export function byteText(bytes: Uint8Array): string {
  return decodeAscii(bytes.subarray(0, SAMPLE_BYTES)) === undefined
    ? replaceOthers(bytes)
    : (decodeAscii(bytes) ?? replaceOthers(bytes))
}

/** `undefined` when there is more than ASCII. */
function decodeAscii(bytes: Uint8Array): string | undefined {
  const text = decoder.decode(bytes)
  // Characters of several bytes make it shorter; a byte that is none stays one.
  return text.length === bytes.length && !text.includes('\uFFFD') ? text : undefined
}

function replaceOthers(bytes: Uint8Array): string {
  const ascii = new Uint8Array(bytes)
  // Four at a time.
  const words = new Uint32Array(ascii.buffer, 0, ascii.length >> 2)
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as number
    const high = word & 0x80808080
    if (high) words[at] = (word & 0x7f7f7f7f) | ((high >>> 7) * 0x7f)
  }
  for (let at = words.length * 4; at < ascii.length; at++) ascii[at] = Math.min(ascii[at] as number, 0x7f)
  return decoder.decode(ascii)
}
