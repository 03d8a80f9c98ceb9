import { ODataFailure } from './backend.js'
import { readLiteral } from './literal.js'
import type { Operation } from './resource.js'

/**
 * Reads the parameters in the parentheses of a function call: `p=1`, or `p=@alias` with the alias in the query, which alone can
 * hold JSON for a complex value or a collection (URL Conventions 5.1.1.8 and 5.1.1.9). An unknown one is read as text.
 * Throws an {@link ODataFailure} (400) that names what cannot be read.
 */
export function readFunctionParameters(
  inner: string | undefined,
  query: URLSearchParams,
  operation: Operation,
): Record<string, unknown> {
  const parameters: Record<string, unknown> = Object.create(null)
  // A comma in quotes does not separate.
  for (const [pair] of (inner ?? '').matchAll(/(?:'[^']*'|[^',])+/g)) {
    const equals = pair.indexOf('=')
    const [name, text] = [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()]
    const isAlias = text.startsWith('@')
    const literal = isAlias ? query.get(text) : text
    const type = operation.parameters.find((parameter) => parameter.name === name)?.type
    const value = literal === null ? undefined : readValue(literal, type, isAlias)
    if (equals < 1 || value === undefined || name in parameters) {
      const given = `${operation.name}(${inner})`.slice(0, 200)
      throw new ODataFailure(
        400,
        'BAD_PARAMETER',
        `The parameters cannot be read at "${pair.slice(0, 80)}": ${given}`,
        {
          target: name.slice(0, 100),
        },
      )
    }
    parameters[name] = value
  }
  return parameters
}

function readValue(text: string, type: string | undefined, isAlias: boolean): unknown {
  if (type === undefined) return text
  const literal = readLiteral(text, type)
  if (literal !== undefined || !isAlias || !/^\s*[[{]/.test(text)) return literal
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
