import { type AnnotationValue, annotationsOfJson, annotationsOfXml, type CsdlAnnotations } from './csdlAnnotations.js'
import { bodyText, type HttpReply } from './httpReply.js'
import { isJsonObject, parseJson } from './json.js'
import { parseXml } from './xml.js'

/** What a service says in its metadata about long operations and batches. */
export interface ServiceCapabilities {
  /** `Core.ODataVersions`, such as `['4.0', '4.01']`; `[]` when the service does not say. */
  readonly odataVersions: readonly string[]
  /** `undefined`: the service does not say; it may support them nevertheless. */
  readonly asynchronousRequestsSupported: boolean | undefined
  /** `Capabilities.BatchSupport`, or the older tags; `undefined`: the service does not say. */
  readonly batchSupport:
    | {
        readonly supported?: boolean
        /** Media types. */
        readonly supportedFormats?: readonly string[]
        readonly continueOnErrorSupported?: boolean
        readonly referencesInRequestBodiesSupported?: boolean
        readonly referencesAcrossChangeSetsSupported?: boolean
        readonly etagReferencesSupported?: boolean
        readonly requestDependencyConditionsSupported?: boolean
      }
    | undefined
  /** `Repeatability.Supported` of the whole service; `undefined`: the service does not say. */
  readonly repeatabilitySupported: boolean | undefined
  /** What carries `Repeatability.Supported` by itself: qualified names of actions, bare names of imports and sets. */
  readonly repeatableTargets: readonly string[]
}

const CAPABILITIES = 'Org.OData.Capabilities.V1'

/**
 * Reads what a service says about long operations from its `$metadata`, as CSDL XML or CSDL JSON: the annotations of its entity
 * container (Protocol 13, vocabularies Capabilities, Core and Repeatability), and `Repeatability.Supported` of anything. Terms are
 * known by their full name and by the alias that the document declares. What the service does not say stays open, which is
 * no "no".
 *
 * @returns `undefined` when the body is neither. Never throws. Linear.
 */
export function readCapabilities(reply: HttpReply): ServiceCapabilities | undefined {
  const csdl = readCsdl(reply)
  if (!csdl) return undefined
  const ofContainer = new Map<string, AnnotationValue>()
  const repeatable = new Set<string>()
  for (const { term, target, value } of csdl.annotations) {
    if (csdl.containers.has(target)) ofContainer.set(term, value)
    else if (term === 'Org.OData.Repeatability.V1.Supported' && value === true) {
      const slash = target.indexOf('/')
      // An import is known by its own name, which follows that of the container.
      if (slash < 0) repeatable.add(target)
      else if (csdl.containers.has(target.slice(0, slash))) repeatable.add(target.slice(slash + 1))
    }
  }
  return {
    odataVersions: toWords(ofContainer.get('Org.OData.Core.V1.ODataVersions')),
    asynchronousRequestsSupported: toFlag(ofContainer.get(`${CAPABILITIES}.AsynchronousRequestsSupported`)),
    batchSupport: readBatchSupport(ofContainer),
    repeatabilitySupported: toFlag(ofContainer.get('Org.OData.Repeatability.V1.Supported')),
    repeatableTargets: [...repeatable],
  }
}

function readCsdl(reply: HttpReply): CsdlAnnotations | undefined {
  const text = bodyText(reply)
  if (/^\s*</.test(text)) {
    const root = parseXml(text)
    return root && annotationsOfXml(root)
  }
  const json = parseJson(reply)
  return isJsonObject(json) ? annotationsOfJson(json) : undefined
}

function readBatchSupport(terms: ReadonlyMap<string, AnnotationValue>): ServiceCapabilities['batchSupport'] {
  const record = terms.get(`${CAPABILITIES}.BatchSupport`)
  const properties = record instanceof Map ? record : new Map<string, AnnotationValue>()
  const formats = properties.get('SupportedFormats')
  const support = {
    supported: toFlag(properties.get('Supported')) ?? toFlag(terms.get(`${CAPABILITIES}.BatchSupported`)),
    supportedFormats: Array.isArray(formats) ? formats.filter((format) => typeof format === 'string') : undefined,
    continueOnErrorSupported:
      toFlag(properties.get('ContinueOnErrorSupported')) ??
      toFlag(terms.get(`${CAPABILITIES}.BatchContinueOnErrorSupported`)),
    referencesInRequestBodiesSupported: toFlag(properties.get('ReferencesInRequestBodiesSupported')),
    referencesAcrossChangeSetsSupported: toFlag(properties.get('ReferencesAcrossChangeSetsSupported')),
    etagReferencesSupported: toFlag(properties.get('EtagReferencesSupported')),
    requestDependencyConditionsSupported: toFlag(properties.get('RequestDependencyConditionsSupported')),
  }
  const said = Object.entries(support).filter(([, value]) => value !== undefined)
  return said.length > 0 ? Object.fromEntries(said) : undefined
}

function toFlag(value: AnnotationValue): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

function toWords(value: AnnotationValue): string[] {
  return typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : []
}
