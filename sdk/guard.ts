/** Does the work and keeps to itself whatever it throws: nothing of ours may ever break the host page. */
export function guard<Result>(work: () => Result): Result | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Does the work in a later task: after the page's own handlers, or after so many milliseconds. */
export const later = (work: () => unknown, milliseconds?: number): number => setTimeout(() => guard(work), milliseconds)
