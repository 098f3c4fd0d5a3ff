/**
 * V8 lets the young objects of each thread grow to 128 MiB before it looks which of them are gone, and the old ones to four
 * times of what was left of them the last time. What a request leaves behind is gone as soon as it is on disk: with 32 MiB
 * and 1.4 times the collector does the same in 280 MiB instead of 390; with 16 MiB most of it is still needed when V8 looks,
 * and batches cost a fifth more. Only flags at the start can say so.
 */
export const FLAGS = ['--max-semi-space-size=16', '--heap-growing-percent=40']

/**
 * The C library keeps up to eight heaps a processor, so that many threads may allocate at the same time, and gives little of
 * what was free in them back. This process has one busy thread beside the first: two heaps do, and more than 128 KiB that
 * are free at the end of the first go back, which the library forgets once it has met something large (17 MiB).
 * For `malloc(3)` of glibc; others ignore it.
 */
export const SURROUNDINGS = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' }

/**
 * Begins this process anew with all that, under the same process id and before anything is loaded or opened. Returns
 * where that is done already, where somebody chose another size, and where Node cannot do it.
 */
export function beginWithFlags(): void {
  const { execve, execPath, execArgv, argv, env, platform } = process
  const chosen = [...execArgv, env['NODE_OPTIONS'] ?? ''].some(flag => flag.includes('semi-space-size'))
  if (chosen || platform === 'win32' || !execve) return
  execve.call(process, execPath, [execPath, ...FLAGS, ...execArgv, ...argv.slice(1)], { ...SURROUNDINGS, ...env })
}
