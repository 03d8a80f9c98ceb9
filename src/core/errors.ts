// data form only, for now; classes follow
export type ODataErrorKind =
  | 'configuration'
  | 'service'
  | 'monitor'
  | 'expired'
  | 'timeout'
  | 'protocol'
  | 'network'
  | 'cancelled'

export interface ODataErrorData {
  readonly kind: ODataErrorKind
  readonly message: string
  readonly status?: number
  readonly code?: string
  readonly target?: string | null
  readonly details?: readonly { readonly code: string; readonly message: string; readonly target?: string | null }[]
  readonly innererror?: unknown
  readonly body?: string
}
