/**
 * Reads a body up to a limit; of one that is longer the rest is not fetched.
 *
 * @param limit bytes
 * @param isLenient content with what there is when the body breaks off
 * @returns at most `limit` bytes, and whether that was all
 */
export async function readBody(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
  isLenient = false,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; isComplete: boolean }> {
  const reader = stream?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    while (reader && size <= limit) {
      const { value } = await reader.read()
      if (!value) break
      chunks.push(value)
      size += value.length
    }
    if (size > limit) void reader?.cancel().catch(() => {})
  } catch (error) {
    if (!isLenient) throw error
  }
  const bytes = new Uint8Array(size)
  let place = 0
  for (const chunk of chunks) {
    bytes.set(chunk, place)
    place += chunk.length
  }
  return { bytes: bytes.subarray(0, limit), isComplete: size <= limit }
}
