/** An element of an XML document. */
export interface XmlElement {
  /** Without its namespace prefix. */
  readonly name: string
  /** By name as it is written. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** The text of its own, without that of its children. */
  readonly text: string
}

interface OpenElement extends XmlElement {
  /** As written, with its prefix. */
  readonly tag: string
  readonly children: OpenElement[]
  text: string
}

const MAX_DEPTH = 100

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

/**
 * Reads an XML document (XML 1.0), as far as metadata needs it: elements, attributes, text and CDATA. Comments, processing
 * instructions and the DOCTYPE are skipped; of the entities only the five of XML are known, so that none can blow up.
 *
 * @returns the root; `undefined` for what is not well-formed, and for more than 100 levels. Never throws. Linear.
 */
export function parseXml(text: string): XmlElement | undefined {
  const document: OpenElement = { tag: '', name: '', attributes: new Map(), children: [], text: '' }
  const open = [document]
  for (let at = 0; at < text.length; ) {
    const parent = open.at(-1) ?? document
    const mark = text.indexOf('<', at)
    parent.text += decode(text.slice(at, mark < 0 ? undefined : mark))
    if (mark < 0) break
    const end = endOfMark(text, mark)
    if (end < 0) return undefined
    if (text.startsWith('<![CDATA[', mark)) parent.text += text.slice(mark + 9, end - 3)
    else if (text[mark + 1] === '/') {
      if (open.length === 1 || text.slice(mark + 2, end - 1).trimEnd() !== parent.tag) return undefined
      open.pop()
    } else if (text[mark + 1] !== '!' && text[mark + 1] !== '?') {
      const element = readTag(text.slice(mark + 1, end - 1))
      if (!element || open.length > MAX_DEPTH) return undefined
      parent.children.push(element)
      if (text[end - 2] !== '/') open.push(element)
    }
    at = end
  }
  const [root, ...others] = document.children
  return open.length === 1 && others.length === 0 && !document.text.trim() ? root : undefined
}

/** Where the tag, comment, section or instruction that begins at `mark` is over; -1 when it never is. */
function endOfMark(text: string, mark: number): number {
  for (const [start, close] of [
    ['<!--', '-->'],
    ['<![CDATA[', ']]>'],
    ['<?', '?>'],
  ] as const) {
    if (!text.startsWith(start, mark)) continue
    const end = text.indexOf(close, mark + start.length)
    return end < 0 ? -1 : end + close.length
  }
  return endOfTag(text, mark)
}

/** A `>` in quotes, in a comment, or between the brackets of a DOCTYPE does not end it. */
function endOfTag(text: string, mark: number): number {
  let brackets = 0
  for (let at = mark + 1; at < text.length; at++) {
    const character = text[at]
    if (text.startsWith('<!--', at)) {
      at = text.indexOf('-->', at + 4)
      if (at < 0) return -1
    } else if (character === '"' || character === "'") {
      at = text.indexOf(character, at + 1)
      if (at < 0) return -1
    } else if (character === '[') brackets++
    else if (character === ']') brackets--
    else if (character === '>' && brackets <= 0) return at + 1
  }
  return -1
}

/** Reads what is between `<` and `>`, with the slash of an empty element. */
function readTag(source: string): OpenElement | undefined {
  const tag = /^[^\s/>"'=<]+/.exec(source)?.[0]
  if (!tag) return undefined
  const attributes = new Map<string, string>()
  const attribute = /\s+([^\s/>"'=<]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y
  attribute.lastIndex = tag.length
  let end = tag.length
  for (let found = attribute.exec(source); found; found = attribute.exec(source)) {
    const [, name = '', double, single = ''] = found
    attributes.set(name, decode(double ?? single))
    end = attribute.lastIndex
  }
  if (!/^\s*\/?$/.test(source.slice(end))) return undefined
  return { tag, name: tag.slice(tag.indexOf(':') + 1), attributes, children: [], text: '' }
}

function decode(text: string): string {
  return text.includes('&') ? text.replace(/&(\w{2,4});/g, (whole, name) => entities.get(name) ?? whole) : text
}
