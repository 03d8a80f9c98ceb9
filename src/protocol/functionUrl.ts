import { isIdentifier } from './isIdentifier.js'
import { literalText } from './literal.js'
import { requestUrl } from './requestUrl.js'
import { writeJson } from './writeJson.js'

/** A call that is put together. */
interface Call {
  /** Without query, and without `()` at its end. */
  readonly path: string
  /** The last segment, without its parentheses. */
  readonly name: string
  /** True when parameters stand in parentheses already, or when something follows the function, as in `Fn(a=@a)/$count`. */
  readonly isComplete: boolean
  /** The names of the aliases in parentheses, without `@`. */
  readonly mentioned: ReadonlySet<string>
  /** What goes into the parentheses. */
  readonly inline: string[]
  /** The options of the query, and their decoded names. */
  readonly options: string[]
  readonly optionNames: Set<string>
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
  const given = `${path ?? ''}`.trim()
  const call = readCall(given)
  if (!call) return { problem: `The parentheses or quotes of ${quoted(given)} are not closed. Close them.` }
  for (const [name, value] of Object.entries(parameters ?? {})) {
    const problem = value === undefined ? undefined : addParameter(call, name, value, aliases)
    if (problem) return { problem: `${problem} The function is ${quoted(given)}.` }
  }
  const target = call.isComplete ? call.path : `${call.path}(${call.inline.join()})`
  const url = call.name
    ? requestUrl(serviceUrl, call.options.length > 0 ? `${target}?${call.options.join('&')}` : target)
    : undefined
  if (url !== undefined) return { url }
  return { problem: `${quoted(given)} is no path of a function below the service root. Give one such as Ns.Fn.` }
}

/** Puts a parameter into the parentheses or the query; returns what is wrong with it. */
function addParameter(call: Call, given: string, value: unknown, aliases: boolean): string | undefined {
  const isAlias = given.startsWith('@')
  const name = isAlias ? given.slice(1) : given
  if (!isIdentifier(name)) return `${quoted(given)} is no name of a parameter. Give the one that the metadata has.`
  const literal = literalText(value)
  const text = literal ?? (typeof value === 'object' ? writeJson(value) : undefined)
  if (text === undefined) {
    return `The parameter ${name} has a value that no URL can say. Give a primitive value, or plain objects and arrays.`
  }
  const encodedName = encodeURIComponent(name)
  if (isAlias || call.isComplete) {
    if (!call.mentioned.has(name)) {
      return `The parameter ${name} is not mentioned as @${name} in parentheses. Mention it there, or leave the parentheses out.`
    }
  } else if (literal !== undefined && !aliases) {
    call.inline.push(`${encodedName}=${encodeURIComponent(literal)}`)
    return undefined
  } else call.inline.push(`${encodedName}=@${encodedName}`)
  if (call.optionNames.has(`@${name}`)) return `The alias @${name} would have two values. Give it one.`
  call.optionNames.add(`@${name}`)
  call.options.push(`@${encodedName}=${encodeAliasValue(text)}`)
  return undefined
}

/** One pass over a path; `undefined` when parentheses or quotes are not closed. */
function readCall(text: string): Call | undefined {
  const [path = '', ...queries] = text.split('?')
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
    else if (character === '@' && depth > 0) mentioned.add(aliasAt(path, at))
    else if (character === '/' && depth === 0) {
      segment = at + 1
      open = -1
    }
  }
  if (depth !== 0 || isQuoted) return undefined
  const isEmpty = open >= 0 && open === path.length - 2
  const name = path.slice(segment, open < 0 ? undefined : open)
  const query = queries.join('?')
  return {
    path: isEmpty ? path.slice(0, open) : path,
    name,
    isComplete: (open >= 0 && !isEmpty) || name.startsWith('$'),
    mentioned,
    inline: [],
    options: query ? [query] : [],
    optionNames: new Set(new URLSearchParams(query).keys()),
  }
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
