import { ODataFailure } from './backend.js'
import type { ModelTypes, Typed } from './resource.js'

/** JSON object that came in. Its prototype is null, so that no member name can mean more than a member. */
export type Data = Record<string, unknown>

/**
 * Reads a JSON object from a request body; an empty body is an empty object.
 * Throws an {@link ODataFailure} (400, 415) for anything else: the engine must never see a body that is none.
 */
export function readJsonObject(body: Uint8Array, contentType: string | undefined): Data {
  const empty: Data = Object.create(null)
  if (body.length === 0) return empty
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    const given = type ? `of type ${type}` : 'without Content-Type'
    throw new ODataFailure(415, 'MEDIA_TYPE_NOT_SUPPORTED', `The body is ${given}. Send application/json.`)
  }
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unreadable'
    throw new ODataFailure(400, 'BAD_JSON', `The body is not JSON: ${reason}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ODataFailure(400, 'BAD_JSON', 'The body is JSON, but no object.')
  }
  // Annotations and control information have no meaning here.
  for (const [name, member] of Object.entries(value)) if (!name.includes('@')) empty[name] = member
  return empty
}

const date = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/

const checks: Record<string, (value: unknown) => boolean> = {
  'Edm.String': (value) => typeof value === 'string',
  'Edm.Boolean': (value) => typeof value === 'boolean',
  'Edm.Int64': (value) => Number.isSafeInteger(value),
  'Edm.Guid': (value) => typeof value === 'string' && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value),
  'Edm.Duration': (value) =>
    typeof value === 'string' &&
    /^-?P(?=\d|T\d)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/.test(value),
  'Edm.Int32': (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
  'Edm.Decimal': (value) => typeof value === 'number',
  'Edm.Date': (value) => typeof value === 'string' && date.test(value) && !Number.isNaN(Date.parse(value)),
  'Edm.DateTimeOffset': (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
}

/** Is it a value of the type: primitive, enumeration, complex, or a collection of them? */
function isOfType(value: unknown, type: string, types: ModelTypes): boolean {
  if (type.startsWith('Collection(')) {
    const memberType = type.slice('Collection('.length, -1)
    return Array.isArray(value) && value.every((member) => isOfType(member, memberType, types))
  }
  if (Object.hasOwn(checks, type)) return checks[type]?.(value) ?? false
  const members = types.enumTypes.find(({ fullyQualifiedName }) => fullyQualifiedName === type)?.members
  if (members) return members.some(({ name }) => name === value)
  const properties = types.complexTypes.find(({ fullyQualifiedName }) => fullyQualifiedName === type)?.properties
  if (!properties || typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const isKnown = (name: string) => properties.some((property) => property.name === name)
  return (
    Object.keys(value).every(isKnown) &&
    properties.every(({ name, type: propertyType, nullable }) => {
      const member = (value as Record<string, unknown>)[name] ?? null
      return member === null ? nullable !== false : isOfType(member, propertyType, types)
    })
  )
}

/**
 * Compares members with what the metadata declares. Throws an {@link ODataFailure} (400) that lists every wrong member
 * under `details`.
 */
export function checkMembers(
  data: Data,
  declared: readonly Typed[],
  required: readonly Typed[],
  types: ModelTypes,
): void {
  const wrong: { code: string; message: string; target: string }[] = []
  const add = (code: string, target: string, message: string) => wrong.push({ code, target, message })
  for (const { name } of required) {
    if (data[name] === undefined) add('MISSING', name, `${name} is missing.`)
  }
  for (const [name, value] of Object.entries(data)) {
    const member = declared.find((candidate) => candidate.name === name)
    if (!member) add('UNKNOWN', name.slice(0, 100), 'There is no such member.')
    else if (value === null ? member.nullable === false : !isOfType(value, member.type, types)) {
      add('WRONG_TYPE', name, `${name} must be ${member.type}${member.nullable === false ? '' : ' or null'}.`)
    }
  }
  const [first] = wrong
  if (!first) return
  const details = wrong.slice(0, 20)
  throw new ODataFailure(400, 'BAD_DATA', `The request has wrong data: ${first.message}`, {
    target: first.target,
    details,
  })
}
