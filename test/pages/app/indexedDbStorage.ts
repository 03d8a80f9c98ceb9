/** IndexedDB as the storage of an async persister. */
export const indexedDbStorage = {
  getItem: (key: string) => run('readonly', (store) => store.get(key)),
  setItem: (key: string, value: string) => run('readwrite', (store) => store.put(value, key)),
  removeItem: (key: string) => run('readwrite', (store) => store.delete(key)),
}

async function run<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const open = indexedDB.open('app')
  open.onupgradeneeded = () => open.result.createObjectStore('cache')
  const database = await answered(open)
  try {
    return await answered(ask(database.transaction('cache', mode).objectStore('cache')))
  } finally {
    database.close()
  }
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
