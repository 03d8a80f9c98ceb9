/** Divisible by 3, so that only the last piece is padded, and few enough for the arguments of one call. */
const PIECE = 24_576

/** Bytes as base64 with its padding (RFC 4648, 4). Linear, also for large files. */
export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = []
  for (let start = 0; start < bytes.length; start += PIECE) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(start, start + PIECE))))
  }
  return pieces.join('')
}

/** {@link toBase64} with the alphabet that OData writes `Edm.Binary` in (RFC 4648, 5). It keeps the padding, which some readers want. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_')
}

/** Bytes of base64 in either alphabet, with or without padding; `undefined` for what is none. Never throws. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = new Uint8Array(binary.length)
    for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at)
    return bytes
  } catch {
    return undefined
  }
}
