import type { Change } from './disk.ts'

/** What happened to a file since it was last flushed. */
type Unsafe = Extract<Change, { kind: 'write' | 'truncate' }>

interface File {
  kind: 'file'
  /** As it was when it was last flushed: this much is sure to be there after a power cut. */
  safe: Buffer
  unsafe: Unsafe[]
}

/** What happened to a folder since it was last flushed: a name was given to a file, or taken away. */
interface Entry {
  name: string
  file: File | Folder | null
}

interface Folder {
  kind: 'folder'
  safe: Map<string, File | Folder>
  unsafe: Entry[]
}

const newFile = (): File => ({ kind: 'file', safe: Buffer.alloc(0), unsafe: [] })
const newFolder = (): Folder => ({ kind: 'folder', safe: new Map(), unsafe: [] })

/** Which of the changes that were not flushed a power cut lets through. */
export const FATES = ['none', 'all', 'prefix', 'some', 'torn'] as const
export type Fate = (typeof FATES)[number]

const SECTOR = 512

/**
 * A disk as a power cut leaves it. What was flushed is there; of the rest, each change by itself may be there or not, in
 * part (by sectors of 512 bytes), and in any order between files. Names are changes of their folder: a new file is
 * sure to be found only after its folder was flushed. Give it the changes in order; ask for an image at any boundary.
 */
export function powerCut(root: string) {
  const top = newFolder()
  /** By path, as the running process saw them. */
  const folders = new Map<string, Folder>([[root, top]])
  const files = new Map<string, File>()
  const open = new Map<number, File | Folder>()

  const folderOf = (path: string): Folder => {
    const folder = folders.get(path.slice(0, path.lastIndexOf('/')))
    if (!folder) throw new Error(`The folder of ${path} is unknown.`)
    return folder
  }
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
  const enter = (path: string, file: File | Folder | null): void => {
    folderOf(path).unsafe.push({ name: nameOf(path), file })
  }

  function apply(change: Change): void {
    switch (change.kind) {
      case 'make folder': {
        const folder = newFolder()
        enter(change.path, folder)
        folders.set(change.path, folder)
        break
      }
      case 'open': {
        let file = files.get(change.path) ?? folders.get(change.path)
        if (!file) {
          file = newFile()
          files.set(change.path, file)
          enter(change.path, file)
        }
        open.set(change.fd, file)
        break
      }
      case 'write':
      case 'truncate':
        fileAt(change.fd).unsafe.push(change)
        break
      case 'sync':
        flush(open.get(change.fd))
        break
      case 'unlink':
        files.delete(change.path)
        enter(change.path, null)
        break
    }
  }

  function fileAt(fd: number): File {
    const file = open.get(fd)
    if (file?.kind === 'file') return file
    throw new Error(`Descriptor ${fd} is no file.`)
  }

  /** The files that would be found after a power cut now, by path. */
  function image(fate: Fate, random: () => number): Map<string, Buffer> {
    const found = new Map<string, Buffer>()
    collect(top, root, found, fate, random)
    return found
  }

  /** Whether a power cut now could lose anything: if not, every fate is the same. */
  const isSafe = (): boolean => [...files.values(), ...folders.values()].every(({ unsafe }) => unsafe.length === 0)

  return { apply, image, isSafe }
}

function flush(target: File | Folder | undefined): void {
  if (!target) throw new Error('A descriptor was flushed that was never opened.')
  if (target.kind === 'file') target.safe = target.unsafe.reduce(after, target.safe)
  else for (const entry of target.unsafe) link(target.safe, entry)
  target.unsafe = []
}

function link(names: Map<string, File | Folder>, { name, file }: Entry): void {
  if (file) names.set(name, file)
  else names.delete(name)
}

function after(content: Buffer, change: Unsafe): Buffer {
  if (change.kind === 'truncate') return resized(content, change.size)
  const { offset, data } = change
  const whole = resized(content, Math.max(content.length, offset + data.length))
  data.copy(whole, offset)
  return whole
}

/** A copy: what is in an image stays as it is. */
function resized(content: Buffer, size: number): Buffer {
  const copy = Buffer.alloc(size)
  content.copy(copy, 0, 0, size)
  return copy
}

function collect(folder: Folder, path: string, found: Map<string, Buffer>, fate: Fate, random: () => number): void {
  const names = new Map(folder.safe)
  for (const entry of survivors(folder.unsafe, fate, random)) link(names, entry)
  for (const [name, file] of names) {
    const at = `${path}/${name}`
    if (file.kind === 'file') found.set(at, contentOf(file, fate, random))
    else collect(file, at, found, fate, random)
  }
}

function contentOf({ safe, unsafe }: File, fate: Fate, random: () => number): Buffer {
  const kept = survivors(unsafe, fate, random)
  const changes = fate === 'torn' ? kept.flatMap(change => sectors(change).filter(() => random() < 0.7)) : kept
  const size = Math.max(safe.length, ...changes.map(sizeAfter))
  const whole = resized(safe, size)
  let length = safe.length
  for (const change of changes) {
    if (change.kind === 'truncate') {
      whole.fill(0, Math.min(change.size, length))
      length = change.size
    } else {
      change.data.copy(whole, change.offset)
      length = Math.max(length, change.offset + change.data.length)
    }
  }
  return whole.subarray(0, length)
}

const sizeAfter = (change: Unsafe): number =>
  change.kind === 'truncate' ? change.size : change.offset + change.data.length

function survivors<Item>(changes: Item[], fate: Fate, random: () => number): Item[] {
  if (fate === 'none') return []
  if (fate === 'all') return changes
  if (fate === 'prefix') return changes.slice(0, Math.floor(random() * (changes.length + 1)))
  return changes.filter(() => random() < 0.5)
}

function sectors(change: Unsafe): Unsafe[] {
  if (change.kind === 'truncate') return [change]
  const parts: Unsafe[] = []
  for (let at = 0; at < change.data.length;) {
    const end = Math.min(change.data.length, at + SECTOR - ((change.offset + at) % SECTOR))
    parts.push({ ...change, offset: change.offset + at, data: change.data.subarray(at, end) })
    at = end
  }
  return parts
}
