import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readCapabilities } from '../../src/protocol/capabilities.js'
import { JSON_TYPE, reply } from './reply.js'

const XML = { 'content-type': 'application/xml' }

const SILENT = {
  odataVersions: [],
  asynchronousRequestsSupported: undefined,
  batchSupport: undefined,
  repeatabilitySupported: undefined,
  repeatableTargets: [],
}

const REFERENCES = ['Core', 'Capabilities', 'Repeatability']
  .map(
    (name) =>
      `<edmx:Reference Uri="x"><edmx:Include Namespace="Org.OData.${name}.V1" Alias="${name}"/></edmx:Reference>`,
  )
  .join('')

/** A document with a container that has `inside`, and a schema that has `beside`. */
function xml(inside: string, beside = '', references = REFERENCES): string {
  return `<?xml version="1.0" encoding="utf-8"?>
    <edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">${references}<edmx:DataServices>
    <Schema Namespace="Sales.V1" Alias="Self"><EntityType Name="Order"/>${beside}
    <EntityContainer Name="All">${inside}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`
}

function json(container: object, schema: object = {}): object {
  return {
    $Version: '4.01',
    $EntityContainer: 'Sales.V1.All',
    $Reference: {
      x: { $Include: [{ $Namespace: 'Org.OData.Core.V1', $Alias: 'Core' }] },
      y: {
        $Include: [
          { $Namespace: 'Org.OData.Capabilities.V1', $Alias: 'Capabilities' },
          { $Namespace: 'Org.OData.Repeatability.V1', $Alias: 'Repeatability' },
        ],
      },
    },
    'Sales.V1': {
      $Alias: 'Self',
      Order: { $Kind: 'EntityType' },
      ...schema,
      All: { $Kind: 'EntityContainer', ...container },
    },
  }
}

const ofXml = (...parts: Parameters<typeof xml>) => readCapabilities(reply(200, XML, xml(...parts)))
const ofJson = (...parts: Parameters<typeof json>) => readCapabilities(reply(200, JSON_TYPE, json(...parts)))

const BATCH = {
  supported: true,
  supportedFormats: ['application/json', 'multipart/mixed'],
  continueOnErrorSupported: false,
  referencesInRequestBodiesSupported: true,
  referencesAcrossChangeSetsSupported: false,
  etagReferencesSupported: true,
  requestDependencyConditionsSupported: true,
}

describe('CSDL XML', () => {
  it.each<[string, Parameters<typeof xml>, object]>([
    ['nothing said', [''], {}],
    [
      'G-1: a tag without a value is true',
      ['<Annotation Term="Capabilities.AsynchronousRequestsSupported"/>'],
      { asynchronousRequestsSupported: true },
    ],
    [
      'G-1: a tag that is false',
      ['<Annotation Term="Capabilities.AsynchronousRequestsSupported" Bool="false"/>'],
      { asynchronousRequestsSupported: false },
    ],
    [
      'G-1: a tag with an element',
      ['<Annotation Term="Capabilities.AsynchronousRequestsSupported"><Bool> true </Bool></Annotation>'],
      { asynchronousRequestsSupported: true },
    ],
    [
      'a tag whose value is made from a path',
      ['<Annotation Term="Capabilities.AsynchronousRequestsSupported" Path="x"/>'],
      {},
    ],
    [
      'a tag whose value is no boolean',
      ['<Annotation Term="Capabilities.AsynchronousRequestsSupported" Bool="maybe"/>'],
      {},
    ],
    [
      'the full name of a term',
      ['<Annotation Term="Org.OData.Capabilities.V1.AsynchronousRequestsSupported"/>', '', ''],
      { asynchronousRequestsSupported: true },
    ],
    [
      'another alias',
      [
        '<Annotation Term="C.AsynchronousRequestsSupported"/>',
        '',
        '<Reference><Include Namespace="Org.OData.Capabilities.V1" Alias="C"/></Reference>',
      ],
      { asynchronousRequestsSupported: true },
    ],
    ['an alias that is not declared', ['<Annotation Term="Capabilities.AsynchronousRequestsSupported"/>', '', ''], {}],
    [
      'a qualifier, which is for a special use',
      ['<Annotation Term="Capabilities.AsynchronousRequestsSupported" Qualifier="Q"/>'],
      {},
    ],
    [
      'Annotations with the target by its alias',
      [
        '',
        '<Annotations Target="Self.All"><Annotation Term="Capabilities.AsynchronousRequestsSupported"/></Annotations>',
      ],
      { asynchronousRequestsSupported: true },
    ],
    [
      'Annotations with the target by its namespace',
      [
        '',
        "<Annotations Target='Sales.V1.All'><Annotation Term='Capabilities.AsynchronousRequestsSupported'/></Annotations>",
      ],
      { asynchronousRequestsSupported: true },
    ],
    [
      'Annotations of something else',
      [
        '',
        '<Annotations Target="Self.Order"><Annotation Term="Capabilities.AsynchronousRequestsSupported"/></Annotations>',
      ],
      {},
    ],
    [
      'Annotations with a qualifier',
      [
        '',
        '<Annotations Target="Self.All" Qualifier="Q"><Annotation Term="Capabilities.AsynchronousRequestsSupported"/></Annotations>',
      ],
      {},
    ],
    [
      'G-3: the older tags',
      [
        '<Annotation Term="Capabilities.BatchSupported" Bool="false"/><Annotation Term="Capabilities.BatchContinueOnErrorSupported"/>',
      ],
      { batchSupport: { supported: false, continueOnErrorSupported: true } },
    ],
    [
      'G-6: versions',
      ['<Annotation Term="Core.ODataVersions" String="4.0 4.01"/>'],
      { odataVersions: ['4.0', '4.01'] },
    ],
    [
      'G-6: versions in an element',
      ['<Annotation Term="Core.ODataVersions"><!-- all --><String>4.<![CDATA[01]]> </String></Annotation>'],
      { odataVersions: ['4.01'] },
    ],
    [
      'G-6: repeatability of the service',
      ['<Annotation Term="Repeatability.Supported"/>'],
      { repeatabilitySupported: true },
    ],
    [
      'G-6: repeatability of an import, a set and an action',
      [
        '<ActionImport Name="Rebuild"><Annotation Term="Repeatability.Supported"/></ActionImport><EntitySet Name="Orders"/>',
        '<Action Name="Ship"><Annotation Term="Repeatability.Supported"/></Action>' +
          '<Annotations Target="Self.All/Orders"><Annotation Term="Repeatability.Supported" Bool="true"/></Annotations>' +
          '<Annotations Target="Self.Pay(Self.Order)"><Annotation Term="Repeatability.Supported"/></Annotations>' +
          '<Annotations Target="Self.Order/Items"><Annotation Term="Repeatability.Supported"/></Annotations>' +
          '<Action Name="Loose"><Annotation Term="Repeatability.Supported" Bool="false"/></Action>',
      ],
      { repeatableTargets: ['Sales.V1.Ship', 'Orders', 'Sales.V1.Pay', 'Rebuild'] },
    ],
  ])('%s', (_, parts, expected) => {
    expect(ofXml(...parts)).toEqual({ ...SILENT, ...expected })
  })

  it.each<[string, (property: string, value: string) => string]>([
    ['attributes', (property, value) => `<PropertyValue Property="${property}" Bool="${value}"/>`],
    ['elements', (property, value) => `<PropertyValue Property="${property}"><Bool>${value}</Bool></PropertyValue>`],
  ])('G-2: BatchSupport in %s', (_, member) => {
    const inside = `<Annotation Term="Capabilities.BatchSupport"><Record>${member('Supported', 'true')}${member('ContinueOnErrorSupported', 'false')}
      ${member('ReferencesInRequestBodiesSupported', 'true')}${member('ReferencesAcrossChangeSetsSupported', 'false')}
      ${member('EtagReferencesSupported', 'true')}${member('RequestDependencyConditionsSupported', 'true')}
      <PropertyValue Property="SupportedFormats"><Collection><String>application/json</String><String>multipart/mixed</String></Collection></PropertyValue>
      <PropertyValue Property="__proto__" Bool="true"/></Record></Annotation>`
    expect(ofXml(inside)).toEqual({ ...SILENT, batchSupport: BATCH })
  })

  it('reads the metadata of the test service', () => {
    const metadata = readFileSync(new URL('../service/metadata.xml', import.meta.url))
    expect(readCapabilities(reply(200, XML, new Uint8Array(metadata)))).toHaveProperty('odataVersions')
  })

  it('skips comments, instructions and a DOCTYPE, and takes the five entities only', () => {
    const text = xml(
      '<!-- <EntitySet> > --><?x <y> ?><Annotation Term="Core.ODataVersions" String="&lt;&amp;lt;&bomb;&#65;>"/>',
    )
    const doctype = '?><!DOCTYPE x [ <!-- don\'t > ] --> <!ENTITY bomb "]>"> ]>'
    expect(readCapabilities(reply(200, XML, text.replace('?>', doctype)))?.odataVersions).toEqual(['<&lt;&bomb;&#65;>'])
  })
})

describe('CSDL JSON', () => {
  it.each<[string, Parameters<typeof json>, object]>([
    ['nothing said', [{}], {}],
    ['G-1: a tag', [{ '@Capabilities.AsynchronousRequestsSupported': true }], { asynchronousRequestsSupported: true }],
    [
      'the full name of a term',
      [{ '@Org.OData.Capabilities.V1.AsynchronousRequestsSupported': false }],
      { asynchronousRequestsSupported: false },
    ],
    ['a qualifier', [{ '@Capabilities.AsynchronousRequestsSupported#Q': true }], {}],
    [
      'a value that is none',
      [{ '@Capabilities.AsynchronousRequestsSupported': { $Path: 'x' }, '@Core.ODataVersions': 4 }],
      {},
    ],
    [
      '$Annotations',
      [{}, { $Annotations: { 'Self.All': { '@Capabilities.AsynchronousRequestsSupported': true } } }],
      { asynchronousRequestsSupported: true },
    ],
    [
      'G-2: BatchSupport',
      [
        {
          '@Capabilities.BatchSupport': {
            Supported: true,
            SupportedFormats: ['application/json', 'multipart/mixed', 7],
            ContinueOnErrorSupported: false,
            ReferencesInRequestBodiesSupported: true,
            ReferencesAcrossChangeSetsSupported: false,
            EtagReferencesSupported: true,
            RequestDependencyConditionsSupported: true,
            Other: null,
          },
        },
      ],
      { batchSupport: BATCH },
    ],
    ['G-3: the older tags', [{ '@Capabilities.BatchSupported': true }], { batchSupport: { supported: true } }],
    ['G-6: versions', [{ '@Core.ODataVersions': '4.0 4.01' }], { odataVersions: ['4.0', '4.01'] }],
    ['G-6: repeatability of the service', [{ '@Repeatability.Supported': false }], { repeatabilitySupported: false }],
    [
      'G-6: repeatability of an import, a set and an action',
      [
        { Rebuild: { $Action: 'Self.Rebuild', '@Repeatability.Supported': true } },
        {
          Ship: [{ $Kind: 'Action' }, { $Kind: 'Action', '@Repeatability.Supported': true }],
          $Annotations: {
            'Self.All/Orders': { '@Repeatability.Supported': true },
            'Self.Pay(Self.Order)': { '@Repeatability.Supported': true },
          },
        },
      ],
      { repeatableTargets: ['Sales.V1.Ship', 'Orders', 'Sales.V1.Pay', 'Rebuild'] },
    ],
  ])('%s', (_, parts, expected) => {
    expect(ofJson(...parts)).toEqual({ ...SILENT, ...expected })
  })
})

describe('what is no metadata', () => {
  it.each<[string, unknown]>([
    ['nothing', ''],
    ['text', 'metadata'],
    ['HTML', '<!doctype html><html><body><p>Sign in</p></body></html>'],
    ['HTML that is no XML', '<html><br><p></html>'],
    ['an OData error', { error: { code: 'E', message: 'No.' } }],
    ['a service document', { '@context': '$metadata', value: [] }],
    ['null', 'null'],
    ['XML that is cut', xml('').slice(0, -1)],
    ['a comment that is cut', `${xml('')}<!-- `],
    ['a tag that is closed by another', '<edmx:Edmx><a></b></edmx:Edmx>'],
    ['two roots', '<Edmx/><Edmx/>'],
    ['text behind the root', '<Edmx/>x'],
    ['an end without a beginning', '</Edmx>'],
    ['an attribute without quotes', '<Edmx a=1/>'],
    ['an attribute without a value', '<Edmx a/>'],
    ['a tag without a name', '< Edmx/>'],
    ['101 levels', `<Edmx>${'<a>'.repeat(100)}${'</a>'.repeat(100)}</Edmx>`],
    ['JSON of 501 levels', `{"$Version":"4.01","a":${'['.repeat(500)}${']'.repeat(500)}}`],
  ])('%s', (_, body) => {
    expect(readCapabilities(reply(200, {}, body))).toBeUndefined()
  })

  it('an empty Edmx says nothing', () => {
    expect(readCapabilities(reply(200, XML, '<Edmx/>'))).toEqual(SILENT)
    expect(readCapabilities(reply(200, XML, `<Edmx>${'<a>'.repeat(99)}${'</a>'.repeat(99)}</Edmx>`))).toEqual(SILENT)
  })
})
