import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { accepted, MONITOR, rejection, scriptedClient, stillRunning, succeeded } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

/** An answer that comes when it is let go. */
function held(answer: string) {
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  return { answer: () => gate.then(() => answer), release: () => release() }
}

describe('cancel', () => {
  it.each(['204 No Content', '200 OK', '200 OK\nContent-Type: application/json\n\n{"state":"Canceling"}'])(
    'row 75: %j to DELETE ends the operation and whoever waits for it',
    async (answer) => {
      const { client, sent } = scriptedClient([accepted, answer])
      const operation = await client.callAction('Rebuild')
      const failed = rejection(operation.waitForCompletion())

      expect(await operation.tryCancel()).toBe('cancelled')
      expect(await failed).toMatchObject({ name: 'OperationCancelledError', kind: 'cancelled' })
      expect(operation).toMatchObject({ status: 'cancelled', isCompleted: true })
      expect(sent[1]).toMatchObject({ method: 'DELETE', url: MONITOR, body: '' })
      expect(sent[1]?.headers['odata-maxversion']).toBe('4.01')
      await vi.advanceTimersByTimeAsync(3_600_000)
      expect(sent).toHaveLength(2)
    },
  )

  it('row 76: a monitor that is gone while the cancel is under way confirms it', async () => {
    const cancel = held('204 No Content')
    const { client } = scriptedClient([accepted, cancel.answer, '404 Not Found'])
    const operation = await client.callAction('Rebuild')
    const outcome = operation.tryCancel()
    await vi.advanceTimersByTimeAsync(0)
    await operation.poll()
    expect(operation.status).toBe('cancelled')
    cancel.release()
    expect(await outcome).toBe('cancelled')
  })

  it('row 77: an asynchronous cancel is followed at its own monitor, not at the old one', async () => {
    const { client, sent } = scriptedClient([
      accepted,
      '202 Accepted\nLocation: /cancels/7\nRetry-After: 1',
      '202 Accepted',
      '200 OK\nAsyncResult: 204',
    ])
    const operation = await client.callAction('Rebuild')
    const failed = rejection(operation.waitForCompletion())
    expect(await operation.tryCancel()).toBe('requested')
    expect(operation.status).toBe('cancelling')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await failed).toMatchObject({ kind: 'cancelled' })
    expect(sent.slice(2).map(({ url }) => url)).toEqual(Array(2).fill('https://api.example.com/cancels/7'))
  })

  it('row 78: a cancel that names the old monitor is followed there', async () => {
    const { client, sent } = scriptedClient([
      accepted,
      `202 Accepted\nLocation: ${MONITOR}`,
      stillRunning,
      '404 Not Found',
    ])
    const operation = await client.callAction('Rebuild')
    expect(await operation.tryCancel()).toBe('requested')
    expect(await operation.poll()).toBe(true)
    expect(operation.status).toBe('cancelling')
    expect(await operation.poll()).toBe(false)
    expect(operation.status).toBe('cancelled')
    expect(sent).toHaveLength(4)
  })

  it('row 78: a result that comes after all is delivered', async () => {
    const { client } = scriptedClient([accepted, `202 Accepted\nLocation: ${MONITOR}`, succeeded])
    const operation = await client.callAction('Rebuild')
    await operation.tryCancel()
    await operation.poll()
    expect(operation).toMatchObject({ status: 'completed', result: { ID: 1 } })
  })

  it('row 79: 405 means that this service cannot cancel; the operation goes on to its result', async () => {
    const { client } = scriptedClient([accepted, '405 Method Not Allowed\nAllow: GET', succeeded])
    const operation = await client.callAction('Rebuild')
    expect(await operation.tryCancel()).toBe('unsupported')
    expect(operation.record).toMatchObject({ status: 'running', canCancel: false })
    await operation.poll()
    expect(operation.status).toBe('completed')
  })

  it('row 79: after a 405 a monitor that is gone has expired, it was not cancelled', async () => {
    const { client } = scriptedClient([accepted, '405 Method Not Allowed', '404 Not Found'])
    const operation = await client.callAction('Rebuild')
    await operation.tryCancel()
    await operation.poll()
    expect(operation.error).toMatchObject({ kind: 'expired' })
  })

  it.each([404, 410])('row 80: %s to DELETE is no exception; the monitor has the last word', async (status) => {
    const { client } = scriptedClient([accepted, `${status} Gone`, succeeded])
    const operation = await client.callAction('Rebuild')
    expect(await operation.tryCancel()).toBe('too-late')
    await operation.poll()
    expect(operation).toMatchObject({ status: 'completed', result: { ID: 1 } })
  })

  it.each([429, 503])(
    'a DELETE answered %s with Retry-After is not followed by a request before that',
    async (status) => {
      const { client, sent } = scriptedClient([accepted, `${status} No\nRetry-After: 60`, succeeded])
      const operation = await client.callAction('Rebuild')
      const done = operation.waitForCompletion()
      expect(await operation.tryCancel()).toBe('failed')
      await vi.advanceTimersByTimeAsync(59_999)
      expect(sent).toHaveLength(2)
      await vi.advanceTimersByTimeAsync(1)
      await expect(done).resolves.toMatchObject({ ID: 1 })
    },
  )

  it.each([400, 409])('row 81: %s to DELETE means too late; the result is still fetched', async (status) => {
    const { client } = scriptedClient([accepted, `${status} Terminal`, succeeded])
    const operation = await client.callAction('Rebuild')
    const done = operation.waitForCompletion()
    expect(await operation.tryCancel()).toBe('too-late')
    await expect(done).resolves.toMatchObject({ ID: 1 })
  })

  it('row 82: says that it was cancelled, and promises nothing about what was done', async () => {
    const { client } = scriptedClient([accepted, '200 OK'])
    const operation = await client.callAction('Rebuild')
    const failed = rejection(operation.waitForCompletion())
    await operation.tryCancel()
    expect(((await failed) as Error).message).toBe('The operation was cancelled.')
  })

  describe('row 83: there is one outcome', () => {
    it('before the 202 has come: cancelled as soon as the monitor is known', async () => {
      const submit = held(accepted)
      const { client, sent } = scriptedClient([submit.answer, '204 No Content'])
      const operation = client.prepareAction('Rebuild')
      void operation.submit()
      const outcome = operation.tryCancel()
      expect(operation.status).toBe('cancelling')
      submit.release()
      expect(await outcome).toBe('cancelled')
      expect(sent.map(({ method }) => method)).toEqual(['POST', 'DELETE'])
    })

    it('before an answer at once has come: the result is delivered', async () => {
      const submit = held('200 OK\nContent-Type: application/json\n\n{"ID":1}')
      const { client } = scriptedClient([submit.answer])
      const operation = client.prepareAction('Rebuild')
      void operation.submit()
      const outcome = operation.tryCancel()
      submit.release()
      expect(await outcome).toBe('too-late')
      expect(operation).toMatchObject({ status: 'completed', result: { ID: 1 } })
    })

    it('before anything was sent: nothing is sent', async () => {
      const { client, sent } = scriptedClient([])
      const operation = client.prepareAction('Rebuild')
      expect(await operation.tryCancel()).toBe('cancelled')
      await operation.submit()
      expect(sent).toHaveLength(0)
    })

    it('in the same turn as it is sent: nothing is sent', async () => {
      const { client, sent } = scriptedClient([])
      const operation = client.prepareAction('Rebuild')
      const outcome = operation.tryCancel()
      void operation.submit()
      expect(await outcome).toBe('cancelled')
      expect(sent).toHaveLength(0)
    })

    it('while a poll is in flight that brings the result first: the result is delivered', async () => {
      const poll = held(succeeded)
      const cancel = held('204 No Content')
      const { client } = scriptedClient([accepted, poll.answer, cancel.answer])
      const operation = await client.callAction('Rebuild')
      const polling = operation.poll()
      const outcome = operation.tryCancel()
      poll.release()
      await polling
      cancel.release()
      expect(await outcome).toBe('too-late')
      expect(operation).toMatchObject({ status: 'completed', result: { ID: 1 } })
    })

    it('while a poll is in flight that comes after: it stays cancelled', async () => {
      const poll = held(succeeded)
      const { client } = scriptedClient([accepted, poll.answer, '204 No Content'])
      const operation = await client.callAction('Rebuild')
      const polling = operation.poll()
      expect(await operation.tryCancel()).toBe('cancelled')
      poll.release()
      expect(await polling).toBe(false)
      expect(operation.status).toBe('cancelled')
    })

    it('after the end: too late, and nothing is sent', async () => {
      const { client, sent } = scriptedClient([accepted, succeeded])
      const operation = await client.callAction('Rebuild')
      await operation.poll()
      expect(await operation.tryCancel()).toBe('too-late')
      expect(sent).toHaveLength(2)
    })

    it('asked twice: one DELETE', async () => {
      const { client, sent } = scriptedClient([accepted, '204 No Content'])
      const operation = await client.callAction('Rebuild')
      expect(await Promise.all([operation.tryCancel(), operation.tryCancel()])).toEqual(['cancelled', 'cancelled'])
      expect(sent).toHaveLength(2)
    })
  })

  it('an answer of the old monitor that crosses with an asynchronous cancel does not lead away from it', async () => {
    const poll = held('202 Accepted\nLocation: /jobs/9')
    const { client, sent } = scriptedClient([
      accepted,
      poll.answer,
      '202 Accepted\nLocation: /cancels/7',
      '200 OK\nAsyncResult: 204',
    ])
    const operation = await client.callAction('Rebuild')
    const polling = operation.poll()
    expect(await operation.tryCancel()).toBe('requested')
    poll.release()
    await polling
    expect(await operation.poll()).toBe(false)
    expect(sent[3]?.url).toBe('https://api.example.com/cancels/7')
    expect(operation.status).toBe('cancelled')
  })

  it('a cancel that could not be asked leaves the operation as it was', async () => {
    const { client } = scriptedClient([accepted, 'lost', '500 Oops', succeeded])
    const operation = await client.callAction('Rebuild')
    expect(await operation.tryCancel()).toBe('failed')
    expect(operation.record).toMatchObject({ status: 'running', canCancel: true, pollError: { kind: 'network' } })
    expect(await operation.tryCancel()).toBe('failed')
    expect(operation.record.pollError).toMatchObject({ kind: 'monitor', status: 500 })
    await operation.poll()
    expect(operation.status).toBe('completed')
  })

  it('row 84: an asynchronous cancel that fails lets the operation go on', async () => {
    const { client } = scriptedClient([
      accepted,
      '202 Accepted\nLocation: /cancels/7',
      '200 OK\nAsyncResult: 500',
      succeeded,
    ])
    const operation = await client.callAction('Rebuild')
    await operation.tryCancel()
    expect(await operation.poll()).toBe(true)
    expect(operation.status).toBe('running')
    await operation.poll()
    expect(operation.status).toBe('completed')
  })
})
