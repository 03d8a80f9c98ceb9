export type { CancelReading, MonitorProtocol } from '../monitors/MonitorProtocol.js'
export { type ODataMonitorOptions, odata } from '../monitors/odata.js'
export type { ServiceCapabilities } from '../protocol/capabilities.js'
export type { HttpHeaders, HttpReply } from '../protocol/httpReply.js'
export type { MonitorReading } from '../protocol/monitorReply.js'
export type { ProgressReading } from '../protocol/progress.js'
export type { AsyncOperation, CancelOutcome, SignalOptions, WaitOptions } from './AsyncOperation.js'
export type {
  BatchData,
  BatchItem,
  BatchItemData,
  BatchItemResult,
  BatchOutcome,
  FailedItem,
  PendingItem,
  SucceededItem,
  WaitingItem,
} from './batch/BatchItem.js'
export type { BatchDefaults, BatchOptions } from './batch/BatchOptions.js'
export type {
  BatchEntry,
  BatchEntryResult,
  BatchRequest,
  BatchRequestOptions,
  BatchUrlForm,
  ChangeSet,
  RequestReference,
} from './batch/BatchRequest.js'
export type { BatchResult, BatchResults } from './batch/BatchResult.js'
export {
  action,
  type BatchFunctionOptions,
  create,
  func,
  get,
  remove,
  replace,
  request,
  update,
} from './batch/batchRequests.js'
export { changeSet } from './batch/changeSet.js'
export type { BatchBuilder } from './batch/createBatch.js'
export { batchItems, createBatchResult } from './batch/createBatchResult.js'
export { prepareBatch } from './batch/prepareBatch.js'
export { reference } from './batch/reference.js'
export { createODataClient } from './createODataClient.js'
export { createWireLog, type WireLogEntry, type WireLogOptions, type WireLogStore } from './createWireLog.js'
export type { Environment } from './environment.js'
export {
  isODataConfigurationError,
  isODataError,
  isODataMonitorError,
  isODataNetworkError,
  isODataProtocolError,
  isODataServiceError,
  isOperationCancelledError,
  isOperationExpiredError,
  isOperationTimeoutError,
  ODataConfigurationError,
  ODataError,
  type ODataErrorContext,
  type ODataErrorData,
  type ODataErrorDetail,
  type ODataErrorKind,
  ODataMonitorError,
  ODataNetworkError,
  ODataProtocolError,
  ODataServiceError,
  OperationCancelledError,
  OperationExpiredError,
  OperationTimeoutError,
  toError,
} from './errors.js'
export { formatKey, type KeyValue } from './formatKey.js'
export { formatLiteral, type LiteralValue, type TypedLiteral, typedLiteral } from './formatLiteral.js'
export type { MonitorReference, ODataClient, RequestMethod } from './ODataClient.js'
export type { ODataClientOptions } from './ODataClientOptions.js'
export type { CallActionOptions, CallFunctionOptions, OperationOptions, RequestOptions } from './OperationOptions.js'
export {
  type AsyncOperationProgress,
  type AsyncOperationStatus,
  isTerminal,
  type OperationKind,
  type OperationRecord,
  type PauseReason,
} from './operation.js'
export type { PollingOptions } from './schedule.js'
export type { RequestBody } from './send.js'
export type { WireExchange } from './WireExchange.js'
