// @ts-check

/**
 * A JSON value in the browser's storage; private windows and blocked storage behave as if it were empty.
 * @template T
 * @param {'localStorage' | 'sessionStorage'} storage
 * @param {string} key
 * @param {T} otherwise
 * @returns {T}
 */
export function recall(storage, key, otherwise) {
  try {
    return JSON.parse(window[storage].getItem(key) ?? '') ?? otherwise
  } catch {
    return otherwise
  }
}

/**
 * @param {'localStorage' | 'sessionStorage'} storage
 * @param {string} key
 * @param {unknown} value `null` forgets the key.
 */
export function keep(storage, key, value) {
  try {
    if (value === null) window[storage].removeItem(key)
    else window[storage].setItem(key, JSON.stringify(value))
  } catch {
    // Nothing is kept then; the page works until it is left.
  }
}
