import { isIdentifier } from './isIdentifier.js'
import { literalText } from './literal.js'
import { requestUrl } from './requestUrl.js'
import { writeJson } from './writeJson.js'

/** What a path says about the function at its end. */
interface FunctionPath {
  /** Without `()` at its end. */
  readonly path: string
  /** The last segment, without its parentheses. */
  readonly name: string
  /** True when parameters stand in parentheses already, or when something follows the function, as in `Fn(a=@a)/$count`. */
  readonly isComplete: boolean
  /** The names of the aliases in parentheses, without `@`. */
  readonly mentioned: ReadonlySet<string>
}

/**
 * The URL that a function is called at (Protocol 11.5.4.1; URL Conventions 5.1.1.13, 5.1.1.14). A primitive parameter stands in the
 * parentheses, an object or array as an alias in the query: `Fn(year=2027,scope=@scope)?@scope={...}`. Where parameters stand in
 * parentheses already, as in a target that the service advertised, each parameter is the value of the alias of its name.
 *
 * @param serviceUrl as for {@link requestUrl}
 * @param path as for {@link requestUrl}: `Ns.Fn`, `Reports(7)/Ns.Fn`, `Fn(year=2027,scope=@s)`; its query is kept
 * @param parameters by name; those that are `undefined` are left out, `null` is the literal `null`. `@s` always means the alias
 * @param aliases true writes all values as aliases, for servers and proxies that refuse `%2F` in a path
 * @returns the absolute URL; or what is wrong, as a sentence
 * @example
 * functionUrl('https://host/v4/', 'Ns.Fn', { year: 2027, text: 'a/b' }, false) // .../v4/Ns.Fn(year=2027,text='a%2Fb')
 */
export function functionUrl(
  serviceUrl: string,
  path: string,
  parameters: Readonly<Record<string, unknown>>,
  aliases: boolean,
): { url: string } | { problem: string } {
  const mark = path.indexOf('?')
  const target = readPath(mark < 0 ? path : path.slice(0, mark))
  if (!target) return { problem: `The parentheses or quotes of ${quoted(path)} are not closed. Close them.` }
  const options = mark < 0 ? [] : path.slice(mark + 1).split('&')
  const used = new Set(new URLSearchParams(mark < 0 ? '' : path.slice(mark)).keys())
  const inline: string[] = []
  for (const [given, value] of Object.entries(parameters ?? {})) {
    if (value === undefined) continue
    const isAlias = given.startsWith('@')
    const name = isAlias ? given.slice(1) : given
    if (!isIdentifier(name))
      return { problem: `${quoted(given)} is no name of a parameter. Give the name that the metadata has.` }
    const literal = literalText(value)
    const text = literal ?? (typeof value === 'object' ? writeJson(value) : undefined)
    if (text === undefined) {
      return {
        problem: `The parameter ${name} has a value that no URL can say. Give a primitive value, or plain objects and arrays.`,
      }
    }
    const isPlaced = isAlias || target.isComplete
    if (isPlaced && !target.mentioned.has(name)) {
      return {
        problem: `The parameter ${name} is not mentioned as @${name} in the parentheses of ${quoted(path)}. Mention it there, or leave the parentheses out.`,
      }
    }
    const encodedName = encodeURIComponent(name)
    if (!isPlaced && literal !== undefined && !aliases) {
      inline.push(`${encodedName}=${encodeURIComponent(literal)}`)
      continue
    }
    if (used.has(`@${name}`)) return { problem: `The alias @${name} would have two values in the URL. Give it one.` }
    used.add(`@${name}`)
    options.push(`@${encodedName}=${encodeAliasValue(text)}`)
    if (!isPlaced) inline.push(`${encodedName}=@${encodedName}`)
  }
  const call = target.isComplete ? target.path : `${target.path}(${inline.join()})`
  const query = options.filter(Boolean).join('&')
  const url = target.name ? requestUrl(serviceUrl, query ? `${call}?${query}` : call) : undefined
  return url === undefined
    ? { problem: `${quoted(path)} is no path of a function below the service root. Give one such as Ns.Fn.` }
    : { url }
}

/** One pass over a path without its query; `undefined` when parentheses or quotes are not closed. */
function readPath(text: string): FunctionPath | undefined {
  const path = text.trim()
  const mentioned = new Set<string>()
  let depth = 0
  let isQuoted = false
  let segment = 0
  let open = -1
  for (let at = 0; at < path.length; at++) {
    const character = path[at]
    // A doubled quote ends the text and begins it again.
    if (character === "'") isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (character === '(' && depth++ === 0) open = at
    else if (character === ')' && --depth < 0) return undefined
    else if (character === '/' && depth === 0) {
      segment = at + 1
      open = -1
    } else if (character === '@' && depth > 0) mentioned.add(aliasAt(path, at))
  }
  if (depth !== 0 || isQuoted) return undefined
  const isEmpty = path.endsWith('()') && open === path.length - 2
  const bare = isEmpty ? path.slice(0, -2) : path
  const name = bare.slice(segment, open < 0 ? undefined : open)
  return { path: bare, name, isComplete: (open >= 0 && !isEmpty) || name.startsWith('$'), mentioned }
}

/** The name behind the `@` at a place. */
function aliasAt(path: string, at: number): string {
  const ends = /[^@,()=/'\s]+/y
  ends.lastIndex = at + 1
  const name = ends.exec(path)?.[0] ?? ''
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/**
 * Encodes the value of an alias. `:`, `,`, `/`, `@` and `$` are free in a query (RFC 3986, 3.4) and in OData's grammar, and stay
 * readable. Encoded is what ends a value for some reader: `&`, `#`, `%`; `+`, which forms read as a space; `=` and `;`, which
 * simple parsers split at; `?`.
 */
function encodeAliasValue(text: string): string {
  return encodeURIComponent(text).replace(/%(?:3A|2C|2F|40|24)/g, decodeURIComponent)
}

function quoted(path: string): string {
  return JSON.stringify(path.slice(0, 200))
}
