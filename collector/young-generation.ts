/**
 * V8 lets the young objects of each thread grow to 128 MiB before it looks which of them are gone. What a request leaves
 * behind is gone at once: with 16 MiB the collector does the same in half the memory. Only a flag at the start can say so.
 */
export const FLAGS = ['--max-semi-space-size=8']

/**
 * Begins this process anew with those flags, under the same process id and before anything is loaded or opened. Returns
 * where that is done already, where somebody chose another size, and where Node cannot do it.
 */
export function beginWithFlags(): void {
  const { execve, execPath, execArgv, argv, env, platform } = process
  const chosen = [...execArgv, env['NODE_OPTIONS'] ?? ''].some(flag => flag.includes('semi-space-size'))
  if (chosen || platform === 'win32' || !execve) return
  execve.call(process, execPath, [execPath, ...FLAGS, ...execArgv, ...argv.slice(1)], env)
}
