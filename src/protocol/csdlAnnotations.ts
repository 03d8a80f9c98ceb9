import { isJsonObject, type JsonObject } from './json.js'
import type { XmlElement } from './xml.js'

/** What an annotation says, as far as it is constant; `undefined` for a path, a function and the like. */
export type AnnotationValue =
  | boolean
  | string
  | readonly AnnotationValue[]
  | ReadonlyMap<string, AnnotationValue>
  | undefined

/** One annotation of the metadata. One with a qualifier, which is for a special use, is none of these. */
export interface CsdlAnnotation {
  /** Qualified name with the namespace, never its alias: `Org.OData.Core.V1.ODataVersions`. */
  readonly term: string
  /**
   * What it is about: the qualified name of an action, function or entity container, or that of the container, a slash, and the name of
   * an import or set. Without the overload of an action.
   */
  readonly target: string
  /** Of a tag without a value: true. */
  readonly value: AnnotationValue
}

/** The annotations of a metadata document that tell about its containers, imports, sets, actions and functions. */
export interface CsdlAnnotations {
  /** Qualified names of the entity containers. */
  readonly containers: ReadonlySet<string>
  readonly annotations: readonly CsdlAnnotation[]
}

/** Namespace by alias; a namespace is its own alias. */
type Aliases = ReadonlyMap<string, string>

/** Puts the namespace for the alias in a qualified name, and takes away an overload. */
function resolve(name: string, aliases: Aliases): string {
  const [path = ''] = name.split('(', 1)
  const [qualified = '', ...rest] = path.split('/')
  const dot = qualified.lastIndexOf('.')
  const namespace = aliases.get(qualified.slice(0, Math.max(dot, 0)))
  return [namespace === undefined ? qualified : namespace + qualified.slice(dot), ...rest].join('/')
}

/** Reads the annotations from CSDL XML (CSDL XML 14); `undefined` when the root is another one. */
export function annotationsOfXml(root: XmlElement): CsdlAnnotations | undefined {
  if (root.name !== 'Edmx') return undefined
  const schemas = childrenOf(root, 'DataServices').flatMap((services) => childrenOf(services, 'Schema'))
  const includes = childrenOf(root, 'Reference').flatMap((reference) => childrenOf(reference, 'Include'))
  const aliases = new Map<string, string>()
  for (const { attributes } of [...includes, ...schemas]) {
    const namespace = attributes.get('Namespace') ?? ''
    aliases.set(attributes.get('Alias') ?? namespace, namespace)
  }
  const containers = new Set<string>()
  const annotations: CsdlAnnotation[] = []
  const collect = (target: string, element: XmlElement): void => {
    for (const annotation of childrenOf(element, 'Annotation')) {
      if (annotation.attributes.has('Qualifier')) continue
      const value = isEmpty(annotation) ? true : valueOfXml(annotation)
      annotations.push({ term: resolve(annotation.attributes.get('Term') ?? '', aliases), target, value })
    }
  }
  for (const schema of schemas) {
    for (const element of schema.children) {
      const name = `${schema.attributes.get('Namespace')}.${element.attributes.get('Name')}`
      if (element.name === 'Annotations') {
        if (!element.attributes.has('Qualifier'))
          collect(resolve(element.attributes.get('Target') ?? '', aliases), element)
      } else collect(name, element)
      if (element.name !== 'EntityContainer') continue
      containers.add(name)
      for (const member of element.children) collect(`${name}/${member.attributes.get('Name')}`, member)
    }
  }
  return { containers, annotations }
}

function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name)
}

/** True for an element that says no value at all. */
function isEmpty({ attributes, children }: XmlElement): boolean {
  return attributes.size <= 1 && children.every(({ name }) => name === 'Annotation')
}

/** The value of an element that has an expression, in an attribute or as a child. */
function valueOfXml(element: XmlElement): AnnotationValue {
  const bool = element.attributes.get('Bool')
  if (bool !== undefined) return toBoolean(bool)
  const expression = element.children.find(({ name }) => name !== 'Annotation')
  return element.attributes.get('String') ?? (expression && expressionOfXml(expression))
}

function expressionOfXml(element: XmlElement): AnnotationValue {
  if (element.name === 'Bool') return toBoolean(element.text)
  if (element.name === 'String') return element.text
  if (element.name === 'Collection') return element.children.map(expressionOfXml)
  if (element.name !== 'Record') return undefined
  return new Map(
    childrenOf(element, 'PropertyValue').map((member) => [member.attributes.get('Property') ?? '', valueOfXml(member)]),
  )
}

function toBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase()
  return word === 'true' || (word === 'false' ? false : undefined)
}

/** Reads the annotations from CSDL JSON (CSDL JSON 14); `undefined` for a document without `$Version`. */
export function annotationsOfJson(document: JsonObject): CsdlAnnotations | undefined {
  if (typeof document.$Version !== 'string') return undefined
  const schemas = membersOf(document).filter(([name, schema]) => !name.startsWith('$') && isJsonObject(schema))
  const aliases = new Map<string, string>()
  for (const [, reference] of membersOf(document.$Reference)) {
    for (const [, include] of membersOf(isJsonObject(reference) ? reference.$Include : undefined)) {
      if (!isJsonObject(include)) continue
      const namespace = toText(include.$Namespace) ?? ''
      aliases.set(toText(include.$Alias) ?? namespace, namespace)
    }
  }
  for (const [namespace, schema] of schemas) {
    aliases.set((isJsonObject(schema) && toText(schema.$Alias)) || namespace, namespace)
  }
  const containers = new Set<string>()
  const annotations: CsdlAnnotation[] = []
  const collect = (target: string, element: unknown): void => {
    for (const [name, value] of membersOf(element)) {
      if (!name.startsWith('@') || name.includes('#')) continue
      annotations.push({ term: resolve(name.slice(1), aliases), target, value: valueOfJson(value) })
    }
  }
  for (const [namespace, schema] of schemas) {
    for (const [name, element] of membersOf(schema)) {
      const qualified = `${namespace}.${name}`
      if (name === '$Annotations') {
        for (const [target, annotated] of membersOf(element)) collect(resolve(target, aliases), annotated)
      }
      // Actions and functions are arrays of overloads.
      else if (Array.isArray(element)) for (const overload of element) collect(qualified, overload)
      else collect(qualified, element)
      if (!isJsonObject(element) || element.$Kind !== 'EntityContainer') continue
      containers.add(qualified)
      for (const [member, described] of membersOf(element)) collect(`${qualified}/${member}`, described)
    }
  }
  return { containers, annotations }
}

function membersOf(value: unknown): [string, unknown][] {
  return isJsonObject(value) ? Object.entries(value) : []
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function valueOfJson(value: unknown): AnnotationValue {
  if (typeof value === 'boolean' || typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(valueOfJson)
  return isJsonObject(value)
    ? new Map(membersOf(value).map(([name, member]) => [name, valueOfJson(member)]))
    : undefined
}
