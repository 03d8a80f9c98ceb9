import type { OperationRecord } from '../core/operation.js'

/** A class, or a function that makes it from the operation. Comes after the component's own. */
export type OperationClassName = string | ((operation: OperationRecord | undefined) => string | undefined) | undefined

/** Joins the component's own class and the user's. */
export function classNames(own: string, className: OperationClassName, operation: OperationRecord | undefined): string {
  const given = typeof className === 'function' ? className(operation) : className
  return given ? `${own} ${given}` : own
}
