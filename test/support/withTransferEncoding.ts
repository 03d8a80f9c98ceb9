/**
 * The body of a multipart batch with the header in each part that 4.0 asked for and 4.01 allows (Protocol 11.7.7.1): the library
 * sends it, as Olingo and OData.NET refuse parts without, and the traces leave it out.
 */
export function withTransferEncoding(body: Uint8Array): string {
  const text = new TextDecoder().decode(body)
  return text.replaceAll('Content-Type: application/http\r\n', '$&Content-Transfer-Encoding: binary\r\n')
}
