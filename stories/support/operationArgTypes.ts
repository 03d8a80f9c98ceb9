/** The controls that the hooks that start operations have in common. */
export const operationArgTypes = {
  id: {
    description: 'Name of the operation. Components with the same one share it; it is found again when they come back.',
    table: { type: { summary: 'string' }, defaultValue: { summary: 'a new one for each start' } },
    control: 'text',
  },
  headers: {
    description: 'Headers of your own, for the polls too. Here they tell the service of the stories how to behave.',
    table: { type: { summary: 'Record<string, string>' } },
    control: 'object',
  },
  wait: {
    description: 'Seconds the service may take to answer at once before it answers 202 (`Prefer: wait`).',
    table: { type: { summary: 'number' }, defaultValue: { summary: 'not sent' } },
    control: 'number',
  },
  pollInterval: {
    description: 'ms between two polls, or a function of the record. A `Retry-After` of the service comes first.',
    table: {
      type: { summary: 'number | (record) => number' },
      defaultValue: { summary: 'a tenth of the time since the start' },
    },
    control: 'number',
  },
  timeout: {
    description: 'ms for the whole operation. Afterwards it is `failed` with kind `timeout`; the service may go on.',
    table: { type: { summary: 'number' }, defaultValue: { summary: 'no limit' } },
    control: 'number',
  },
  onCompleted: {
    description: 'Called once with the result, mounted or not.',
    table: { type: { summary: '(result, operation) => void' } },
  },
  onFailed: {
    description: 'Called once with the error.',
    table: { type: { summary: '(error, operation) => void' } },
  },
  onSettled: {
    description: 'Called once at any end, after the others; the only one after a cancel.',
    table: { type: { summary: '(operation) => void' } },
  },
} as const

/** The control for what the buttons of a hook's page start it with. */
export const givenArgType = {
  description: 'Not an option: what the buttons of this page give to `start` and `startAsync`.',
  table: { category: 'This page', type: { summary: 'object' } },
  control: 'object',
} as const
