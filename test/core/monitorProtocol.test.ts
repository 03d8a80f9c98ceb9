import { describe, expect, it } from 'vitest'
import { type MonitorProtocol, odata } from '../../src/core/index.js'
import { accepted, MONITOR, rejection, scriptedClient, succeeded } from '../support/scriptedClient.js'

const standard = odata()

/** A service that answers 200 all the time and tells the state in the body, as Dataverse does. */
const stateInBody: MonitorProtocol = {
  ...standard,
  name: 'state-in-body',
  read(reply, now) {
    if (reply.status !== 200) return standard.read(reply, now)
    const { backgroundOperationStateCode: state, ...outputs } = JSON.parse(new TextDecoder().decode(reply.body))
    if (state === 0 || state === 2) return { state: 'running' }
    const body = new TextEncoder().encode(JSON.stringify(outputs))
    return { state: 'finished', reply: { ...reply, body } }
  },
}

const inState = (members: string) => `200 OK\nContent-Type: application/json\n\n{${members}}`

describe('row 145: a protocol that differs from the standard in one function', () => {
  it('says itself when the operation goes on and when it has ended', async () => {
    const { client, sent } = scriptedClient(
      [
        accepted,
        inState('"backgroundOperationStateCode":0'),
        inState('"backgroundOperationStateCode":2'),
        inState('"backgroundOperationStateCode":3,"Total":5'),
      ],
      { monitor: stateInBody },
    )
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(true)
    expect(await operation.poll()).toBe(true)
    expect(await operation.poll()).toBe(false)
    expect(operation.record).toMatchObject({ status: 'completed', monitor: 'state-in-body', result: { Total: 5 } })
    expect(sent.slice(1).map(({ url }) => url)).toEqual([MONITOR, MONITOR, MONITOR])
  })

  it('row 49: by the standard alone the first of these would be the result', async () => {
    const { client } = scriptedClient([accepted, inState('"backgroundOperationStateCode":0')])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation).toMatchObject({ status: 'completed', result: { backgroundOperationStateCode: 0 } })
  })

  it('has all the rest from the standard: headers, cancel, and how failures are taken', async () => {
    const { client, sent } = scriptedClient([accepted, '503 Busy', '405 Method Not Allowed', '404 Not Found'], {
      monitor: stateInBody,
    })
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(true)
    expect(await operation.tryCancel()).toBe('unsupported')
    expect(await operation.poll()).toBe(false)
    expect(operation.error).toMatchObject({ kind: 'expired' })
    expect(sent[1]?.headers).toEqual({ accept: 'application/json', 'odata-maxversion': '4.01' })
  })

  it('row 82: a cancel that Dataverse answers with 200 is one; what had begun may have been done', async () => {
    const { client } = scriptedClient([accepted, inState('"backgroundOperationStateCode":2')], { monitor: stateInBody })
    const operation = await client.callAction('Rebuild')
    expect(await operation.tryCancel()).toBe('cancelled')
  })

  it('may take another answer than a 202 for "accepted"', async () => {
    const monitor: MonitorProtocol = {
      ...standard,
      accepts: ({ status }) => status === 201,
      read: (reply, now) =>
        reply.status === 201 ? { state: 'running', monitorUrl: MONITOR } : standard.read(reply, now),
    }
    const { client, sent } = scriptedClient(['201 Created', succeeded], { monitor })
    const operation = await client.callAction('Rebuild')
    expect(operation.status).toBe('running')
    await operation.poll()
    expect(sent[1]?.url).toBe(MONITOR)
  })

  it('may ask with headers of its own, which come after those of the caller', async () => {
    const monitor: MonitorProtocol = {
      ...standard,
      headers: (version) => ({ accept: 'text/plain', 'x-version': version }),
    }
    const { client, sent } = scriptedClient([accepted, '202 Accepted', '204 No Content'], { monitor })
    const operation = await client.callAction('Rebuild', {}, { headers: { 'X-Tenant': 'a' } })
    await operation.poll()
    await operation.tryCancel()
    const headers = { accept: 'text/plain', 'x-version': '4.01', 'x-tenant': 'a' }
    expect(sent.slice(1).map((request) => request.headers)).toEqual([headers, headers])
  })
})

it.each([405, 501])('row 79: a DELETE answered %s means that the service cannot cancel', async (status) => {
  const { client } = scriptedClient([accepted, `${status} No`])
  const operation = await client.callAction('Rebuild')
  expect(await operation.tryCancel()).toBe('unsupported')
  expect(operation.record).toMatchObject({ status: 'running', canCancel: false })
})

describe('a fault in a protocol', () => {
  it('at a poll ends the operation as protocol with its name; nothing is asked again', async () => {
    const { client, sent } = scriptedClient([accepted, '200 OK\nContent-Type: text/html\n\n<p>'], {
      monitor: stateInBody,
    })
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(false)
    expect(operation.error).toMatchObject({ kind: 'protocol', status: 200, body: '<p>' })
    expect(operation.error?.message).toMatch(/`state-in-body` cannot read an answer 200 \(SyntaxError/)
    expect(sent).toHaveLength(2)
  })

  it('at the first answer ends it too, and submit does not reject', async () => {
    const monitor: MonitorProtocol = {
      ...standard,
      read: () => {
        throw new Error('in a protocol')
      },
    }
    const { client } = scriptedClient([accepted], { monitor })
    expect(await rejection(client.callAction('Rebuild'))).toMatchObject({
      kind: 'protocol',
      monitorUrl: MONITOR,
      message: expect.stringContaining('`odata` cannot read an answer 202 (Error: in a protocol)'),
    })
  })

  // Formerly of kind `network`, as if there had been no answer, and the monitor that it names was lost.
  it('that cannot tell whether the first answer is the result is told as such, with the monitor that it names', async () => {
    const monitor: MonitorProtocol = {
      ...standard,
      accepts: () => {
        throw new Error('in a protocol')
      },
    }
    const operation = scriptedClient([accepted], { monitor }).client.prepareAction('Rebuild')
    await operation.submit()
    expect(operation.error).toMatchObject({
      kind: 'protocol',
      status: 202,
      monitorUrl: MONITOR,
      message: expect.stringContaining('in a protocol'),
    })
  })

  it('at a cancel leaves the operation as it was', async () => {
    const monitor: MonitorProtocol = {
      ...standard,
      readCancel: () => {
        throw new Error('in a protocol')
      },
    }
    const { client } = scriptedClient([accepted, '204 No Content', succeeded], { monitor })
    const operation = await client.callAction('Rebuild')
    expect(await operation.tryCancel()).toBe('failed')
    expect(operation.record).toMatchObject({ status: 'running', pollError: { message: 'Error: in a protocol' } })
    await operation.poll()
    expect(operation.status).toBe('completed')
  })
})
