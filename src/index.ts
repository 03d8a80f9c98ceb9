export * from './core/index.js'
export { ODataProvider, type ODataProviderProps } from './react/ODataProvider.js'
export type { BatchCallbacks, OperationCallbacks } from './react/OperationCallbacks.js'
export { odataOperationKey } from './react/odataOperationKey.js'
export { type ODataOperationOptions, odataOperationOptions } from './react/odataOperationOptions.js'
export type {
  ActiveState,
  CancelledState,
  CompletedState,
  FailedState,
  IdleState,
  OperationState,
} from './react/operationState.js'
export {
  type PersistOperationsOptions,
  type PersistOperationsResult,
  persistOperations,
} from './react/persistOperations.js'
export type { ThrowOption } from './react/throwIfAsked.js'
export { type UseODataActionOptions, type UseODataActionResult, useODataAction } from './react/useODataAction.js'
export { type UseODataBatchOptions, type UseODataBatchResult, useODataBatch } from './react/useODataBatch.js'
export {
  type UseODataFunctionOptions,
  type UseODataFunctionResult,
  useODataFunction,
} from './react/useODataFunction.js'
export {
  type OperationVerbs,
  type UseODataOperationOptions,
  type UseODataOperationResult,
  useODataOperation,
} from './react/useODataOperation.js'
export { type UseODataOperationsOptions, useODataOperations } from './react/useODataOperations.js'
export {
  type UseODataRequestOptions,
  type UseODataRequestResult,
  useODataRequest,
} from './react/useODataRequest.js'
export type { OperationStarter, OperationStarterOptions } from './react/useOperationStarter.js'
export { type UseOperationTrayResult, useOperationTray } from './react/useOperationTray.js'
export * from './ui/index.js'
