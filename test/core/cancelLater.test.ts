import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { accepted, MONITOR, scriptedClient, stillRunning, succeeded } from '../support/scriptedClient.js'
import type { Answer } from '../support/scriptedWire.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

/** An operation after a cancel that was answered so, and after the polls that the script still has. */
async function cancelled(answers: readonly Answer[], polls = answers.length - 1) {
  const { client, sent } = scriptedClient([accepted, ...answers])
  const operation = await client.callAction('Rebuild')
  const outcome = await operation.tryCancel()
  for (let poll = 0; poll < polls; poll++) await operation.poll()
  return { client, sent, operation, outcome }
}

/** An answer whose headers a browser hides. */
const hidden = () => {
  const response = Response.json({ state: 'Canceled' })
  Object.defineProperty(response, 'type', { value: 'cors' })
  return response
}

const asynchronous = '202 Accepted\nLocation: /cancels/7'

describe('a monitor that is gone after a cancel', () => {
  // Formerly taken as cancelled; but what was gone before the cancel came may have done its work, which must not be denied.
  it.each([404, 410])(
    'row 80: DELETE %s, then GET 404: it was gone before, so the result has expired',
    async (status) => {
      const { operation, outcome } = await cancelled([`${status} Gone`, `${status} Gone`])
      expect(outcome).toBe('too-late')
      expect(operation.error).toMatchObject({ kind: 'expired' })
      expect(operation.record.isCancelRefused).toBe(true)
    },
  )

  it.each([400, 409])(
    'row 81: DELETE %s, then GET 404: the cancel was refused, so the result has expired',
    async (status) => {
      const { operation, outcome } = await cancelled([`${status} Terminal`, '404 Not Found'])
      expect(outcome).toBe('too-late')
      expect(operation.error).toMatchObject({ kind: 'expired' })
    },
  )

  it.each([401, 403, 429])(
    'DELETE %s, then GET 404: the cancel was refused, so the result has expired',
    async (status) => {
      const { operation, outcome } = await cancelled([`${status} No`, '404 Not Found'])
      expect(outcome).toBe('failed')
      expect(operation.error).toMatchObject({ kind: 'expired' })
    },
  )

  it.each(['lost', '500 Oops', '503 Busy'])(
    'DELETE %s, then GET 404: the cancel was heard after all',
    async (answer) => {
      const { operation, outcome } = await cancelled([answer, '404 Not Found'])
      expect(outcome).toBe('failed')
      expect(operation.status).toBe('cancelled')
    },
  )

  it('row 84: an asynchronous cancel that failed, then GET 404: the result has expired', async () => {
    const { operation } = await cancelled([asynchronous, '200 OK\nAsyncResult: 500', '404 Not Found'])
    expect(operation.error).toMatchObject({ kind: 'expired' })
  })

  it('a refused cancel, then one that was taken, then GET 404: the last one counts', async () => {
    const { client } = scriptedClient([accepted, '409 Conflict', '202 Accepted', '404 Not Found'])
    const operation = await client.callAction('Rebuild')
    expect(await operation.tryCancel()).toBe('too-late')
    expect(await operation.tryCancel()).toBe('requested')
    await operation.poll()
    expect(operation.status).toBe('cancelled')
  })

  it('without any cancel it has expired', async () => {
    const { client } = scriptedClient([accepted, '410 Gone'])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.error).toMatchObject({ kind: 'expired' })
  })
})

describe('an asynchronous cancel', () => {
  it.each([
    '204 No Content',
    '200 OK',
    '200 OK\nAsyncResult: 200',
    '200 OK\nContent-Type: application/json\n\n{"state":"Canceled"}',
    '200 OK\nContent-Type: text/plain\n\ncancelled',
    '200 OK\nContent-Type: application/http\n\nHTTP/1.1 204 No Content\r\n\r\n',
  ])('row 77: is done when its own monitor answers %j', async (answer) => {
    const { sent, operation } = await cancelled([asynchronous, answer])
    expect(sent[2]).toMatchObject({ method: 'GET', url: 'https://api.example.com/cancels/7' })
    expect(operation.status).toBe('cancelled')
  })

  it('row 77: is followed where its monitor moves to, with its own pace', async () => {
    const { sent, operation } = await cancelled(
      [asynchronous, '202 Accepted\nLocation: /cancels/8\nRetry-After: 9', '204 No Content'],
      1,
    )
    expect(operation.record).toMatchObject({
      status: 'cancelling',
      monitorUrl: MONITOR,
      nextPollAt: Date.now() + 9_000,
    })
    await operation.poll()
    expect(sent[3]?.url).toBe('https://api.example.com/cancels/8')
    expect(operation.status).toBe('cancelled')
  })

  it.each([
    '200 OK\nAsyncResult: 500',
    '200 OK\nContent-Type: application/json\n\n{"error":{"code":"E","message":"No."}}',
    '404 Not Found',
    '403 Forbidden',
  ])('row 84: %j of its monitor means that the operation goes on, and is asked at once', async (answer) => {
    const { sent, operation } = await cancelled([asynchronous, answer, succeeded], 1)
    expect(operation).toMatchObject({ status: 'running', isDue: true })
    await operation.poll()
    expect(sent[3]?.url).toBe(MONITOR)
    expect(operation).toMatchObject({ status: 'completed', result: { ID: 1 } })
  })

  it('whose monitor cannot be asked any more ends as a cancel, not as the operation', async () => {
    const { client } = scriptedClient([accepted, asynchronous, 'lost', 'lost', succeeded], {
      polling: { maxFailures: 2 },
    })
    const operation = await client.callAction('Rebuild')
    await operation.tryCancel()
    expect(await operation.poll()).toBe(true)
    expect(operation.status).toBe('cancelling')
    expect(await operation.poll()).toBe(true)
    expect(operation.record).toMatchObject({ status: 'running', pollError: { kind: 'monitor' } })
    await operation.poll()
    expect(operation.status).toBe('completed')
  })

  it('whose monitor failed leaves the operation all the failures that it may have', async () => {
    const { client } = scriptedClient([accepted, asynchronous, 'lost', 'lost', 'lost', succeeded], {
      polling: { maxFailures: 2 },
    })
    const operation = await client.callAction('Rebuild')
    await operation.tryCancel()
    await operation.poll()
    await operation.poll()
    expect(operation.record).toMatchObject({ status: 'running', pollFailures: 0 })
    await operation.poll()
    expect(operation.record).toMatchObject({ status: 'running', pollFailures: 1 })
    await operation.poll()
    expect(operation.status).toBe('completed')
  })

  it('row 78: with the URL of the operation itself, or without any, is watched there, and a 204 confirms it', async () => {
    for (const answer of [stillRunning, '202 Accepted']) {
      const { sent, operation } = await cancelled([answer, stillRunning, '204 No Content'])
      expect(sent.slice(2).map(({ url }) => url)).toEqual([MONITOR, MONITOR])
      expect(operation.status).toBe('cancelled')
    }
  })

  it('row 78: is not confirmed by a page that says nothing of it', async () => {
    const { operation } = await cancelled([stillRunning, '200 OK\nContent-Type: text/html\n\n<p>'])
    expect(operation.error).toMatchObject({ kind: 'protocol' })
  })

  it('ends as timeout when the time of the operation is over, without asking anything more', async () => {
    const { client, sent } = scriptedClient([accepted, `${asynchronous}\nRetry-After: 2`, '202 Accepted'])
    const operation = await client.callAction('Rebuild', {}, { timeout: 2_000, onTimeout: 'cancel' })
    await operation.tryCancel()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await operation.poll()).toBe(false)
    expect(operation.error).toMatchObject({ kind: 'timeout' })
    expect(sent).toHaveLength(3)
  })

  it('row 78: is watched a bounded number of times', async () => {
    const { client, sent } = scriptedClient([accepted, stillRunning, stillRunning, stillRunning])
    const operation = await client.callAction('Rebuild', {}, { maxPolls: 2 })
    await operation.tryCancel()
    while (await operation.poll());
    expect(operation.error).toMatchObject({ kind: 'timeout' })
    expect(sent).toHaveLength(4)
  })
})

describe('an asynchronous cancel of which it cannot be read how it went', () => {
  it.each([
    ['as its AsyncResult is none', '200 OK\nAsyncResult: abc'],
    ['as a browser hides the headers', hidden],
  ])('%s, is decided by the monitor of the operation', async (_, answer) => {
    const gone = await cancelled([asynchronous, answer, '404 Not Found'])
    expect(gone.sent[3]?.url).toBe(MONITOR)
    expect(gone.operation.status).toBe('cancelled')
    const going = await cancelled([asynchronous, answer, succeeded])
    expect(going.operation.status).toBe('completed')
  })
})

describe('a second click', () => {
  it('while the cancel is under way at the service sends nothing', async () => {
    const { sent, operation } = await cancelled(['202 Accepted'])
    expect(await operation.tryCancel()).toBe('requested')
    expect(operation.status).toBe('cancelling')
    expect(sent).toHaveLength(2)
  })

  it('after it was cancelled says so and sends nothing', async () => {
    const { sent, operation } = await cancelled(['204 No Content'])
    expect(await operation.tryCancel()).toBe('cancelled')
    expect(sent).toHaveLength(2)
  })
})

describe('a result that wins the race', () => {
  it.each([
    ['by AsyncResult', succeeded],
    [
      'enclosed',
      '200 OK\nContent-Type: application/http\n\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"ID":1}',
    ],
  ])('and is the answer to the DELETE, %s, is delivered', async (_, answer) => {
    const { operation, outcome } = await cancelled([answer])
    expect(outcome).toBe('too-late')
    expect(operation).toMatchObject({ status: 'completed', result: { ID: 1 } })
  })

  it('is delivered also when it is an error of the operation', async () => {
    const { operation, outcome } = await cancelled(['200 OK\nAsyncResult: 409'])
    expect(outcome).toBe('too-late')
    expect(operation.error).toMatchObject({ kind: 'service', status: 409 })
  })
})

describe('a record that was stored while it was being cancelled', () => {
  it('without a URL for the cancel is running again: its own monitor tells what became of it', async () => {
    const { client } = scriptedClient([accepted, '202 Accepted', '404 Not Found'])
    const operation = await client.callAction('Rebuild')
    await operation.tryCancel()
    const resumed = client.resume(JSON.parse(JSON.stringify(operation)))
    expect(resumed.status).toBe('running')
    await resumed.poll()
    expect(resumed.status).toBe('cancelled')
  })

  it('without a URL for the cancel can be cancelled again', async () => {
    const { client, sent } = scriptedClient([accepted, '202 Accepted', '204 No Content'])
    const operation = await client.callAction('Rebuild')
    await operation.tryCancel()
    const resumed = client.resume(JSON.parse(JSON.stringify(operation)))
    expect(await resumed.tryCancel()).toBe('cancelled')
    expect(sent[2]?.method).toBe('DELETE')
  })

  it('with one goes on asking that', async () => {
    const { client, sent } = scriptedClient([accepted, asynchronous, '204 No Content'])
    const operation = await client.callAction('Rebuild')
    await operation.tryCancel()
    const resumed = client.resume(JSON.parse(JSON.stringify(operation)))
    expect(resumed.status).toBe('cancelling')
    await resumed.poll()
    expect(resumed.status).toBe('cancelled')
    expect(sent[2]?.url).toBe('https://api.example.com/cancels/7')
  })
})
