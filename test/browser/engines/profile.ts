import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder for what a browser keeps. */
export const newProfile = (): Promise<string> => mkdtemp(join(tmpdir(), 'leadlight-browser-'))

/** A browser's last process may still write while its folder is taken away. */
export const removeProfile = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
