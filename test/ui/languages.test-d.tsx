import { expectTypeOf, it } from 'vitest'
import type { OperationRecord } from '../../src/core/operation.js'
import {
  defaultMessages,
  OperationAnnouncer,
  type OperationMessages,
  OperationMessagesProvider,
  OperationPanel,
} from '../../src/ui/index.js'
import * as german from '../../src/ui/messages/de.js'

declare const operations: OperationRecord[]

it('takes a language as the props of the provider, and of a component', () => {
  ;<OperationMessagesProvider {...german} />
  ;<OperationMessagesProvider {...german} locale="de-AT" />
  ;<OperationPanel {...german} label="Bericht" operation={undefined} />
  expectTypeOf(german.messages).toEqualTypeOf<OperationMessages>()
})

it('asks for every text of a language', () => {
  const { cancel, ...rest } = defaultMessages
  const complete: OperationMessages = { ...rest, cancel }
  // @ts-expect-error a text is missing
  const language: OperationMessages = rest
  expectTypeOf([complete, language]).toEqualTypeOf<OperationMessages[]>()
})

it('asks what the operations of the announcer are called', () => {
  ;<OperationAnnouncer />
  ;<OperationAnnouncer operations={operations} getLabel={({ id }) => id} />
  // @ts-expect-error what is announced needs a name
  ;<OperationAnnouncer operations={operations} />
})
