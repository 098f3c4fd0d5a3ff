/** Lets others have their turn. */
export const breath = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
