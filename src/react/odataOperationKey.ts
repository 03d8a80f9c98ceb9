/** Key of the query that holds an operation's record. Without `id` it matches all of them. */
export function odataOperationKey(id?: string): readonly ['odata', 'operation', ...string[]] {
  return id === undefined ? ['odata', 'operation'] : ['odata', 'operation', id]
}
