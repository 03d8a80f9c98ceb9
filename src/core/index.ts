export type { CancelReading, MonitorProtocol } from '../monitors/MonitorProtocol.js'
export { type ODataMonitorOptions, odata } from '../monitors/odata.js'
export type { ServiceCapabilities } from '../protocol/capabilities.js'
export type { HttpHeaders, HttpReply } from '../protocol/httpReply.js'
export type { MonitorReading } from '../protocol/monitorReply.js'
export type { ProgressReading } from '../protocol/progress.js'
export type { AsyncOperation, CancelOutcome, SignalOptions, WaitOptions } from './AsyncOperation.js'
export { createODataClient } from './createODataClient.js'
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
