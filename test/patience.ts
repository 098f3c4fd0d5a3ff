/**
 * Milliseconds that a test waits for what should come at once. It decides nothing but when to give up: a machine that is
 * slow is no fault.
 */
export const PATIENCE = 60_000
