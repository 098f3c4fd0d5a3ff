import { readFileSync } from 'node:fs'
import { Refusal } from '../../shared/refusal.ts'
import { QUALIFYING } from '../../shared/stage.ts'
import { modelDiff, type Change, type ModelDiff } from '../reports/model-diff.ts'
import { lint } from '../scoring/lint.ts'
import { readModel } from '../scoring/model.ts'
import type { Store } from '../store/store.ts'
import type { Call, Command } from './command.ts'
import { withStore } from './database.ts'
import { progress } from './progress.ts'
import { whichSite } from './which-site.ts'

/** Who did it, where nobody showed a key. */
const AUTHOR = 'command line'

const FLAGS: Command['flags'] = {
  '--site': { meaning: 'id of the site; the only one by default' },
  '--json': { meaning: 'prints JSON', toggle: true },
}

const NOTIFY: Command['flags'] = {
  '--notify': { meaning: 'tells webhooks of whoever becomes an MQL by it; nobody by default', toggle: true },
}

interface Given {
  store: Store
  site: number
  /** What the one word names, if the command takes one. */
  word: string
  json: boolean
  /** Whether others are told of the steps that it leads to. */
  notify: boolean
  print: Call['print']
}

function command(name: string, takes: string | null, summary: string, run: (given: Given) => Promise<void>): Command {
  return {
    name: `model ${name}`,
    usage: [takes, '[--site ID] [--json]'].filter(Boolean).join(' '),
    summary,
    flags: name === 'publish' ? { ...FLAGS, ...NOTIFY } : FLAGS,
    async run({ words, flag, config, print }) {
      const [word = '', ...more] = words
      if (more.length > 0 || (takes === null) !== (word === ''))
        throw new Refusal('invalid', `model ${name} takes ${takes ?? 'flags only'}.`)
      await withStore(config, async store => {
        const site = await whichSite(store, flag('--site'))
        await run({
          store,
          site: site.id,
          word,
          json: flag('--json') !== undefined,
          notify: flag('--notify') !== undefined,
          print,
        })
      })
      return 0
    },
  }
}

async function find({ store, site, word }: Given) {
  const model = /^\d{1,9}$/.test(word) ? await store.modelVersion(site, Number(word)) : null
  if (model) return model
  throw new Refusal('not_found', `There is no version ${word} of the model. See: leadlight model list`)
}

async function compare(given: Given): Promise<ModelDiff> {
  const { store, site, json, print } = given
  const model = await find(given)
  const bar = progress('compare', (await store.census(site)).persons)
  const diff = await modelDiff(store, site, model, Date.now(), done => bar.at(done))
  bar.end(diff.persons)
  print(json ? JSON.stringify(diff) : inWords(diff))
  return diff
}

async function publish(given: Given): Promise<void> {
  const { store, site, json, print } = given
  const model = await find(given)
  const version = await store.publish(site, model.version, AUTHOR, Date.now(), given.notify)
  if (json) print(JSON.stringify({ version }))
  else
    print(
      `Version ${version} "${model.name}" is live. Leads are judged again as they come up, or now: leadlight rescore`,
    )
}

/** `leadlight model …`: what the API does under /v1/models. */
export const modelCommands: Command[] = [
  command('list', null, 'Lists the versions of a model, the newest first.', async ({ store, site, json, print }) => {
    for (const model of await store.models(site)) {
      const state = model.live ? 'live' : model.publishedAt === null ? 'draft' : 'past'
      const copy = model.copyOf === null ? '' : `, as version ${model.copyOf}`
      print(json ? JSON.stringify(model) : `${model.version}  ${state.padEnd(5)}  ${model.name}${copy}`)
    }
  }),
  command('show', 'VERSION', 'Prints the document of a version.', async given => {
    given.print(JSON.stringify((await find(given)).document, null, given.json ? undefined : 2))
  }),
  command('draft', 'FILE', 'Checks a document and keeps it as a draft; - reads standard input.', async given => {
    const { store, site, word, json, print } = given
    const model = readModel(parse(word))
    const version = await store.draft(site, model, AUTHOR, Date.now())
    const warnings = lint(model)
    if (json) return print(JSON.stringify({ version, warnings }))
    for (const { pointer, detail } of warnings) print(`${pointer} ${detail}`)
    print(`Draft ${version}. See what it would change: leadlight model diff ${version}`)
  }),
  command('diff', 'VERSION', 'Says what a version would change if it were live, and changes nothing.', async given => {
    await compare(given)
  }),
  command('publish', 'VERSION', 'Says what a version changes, and makes it live.', async given => {
    await compare({ ...given, json: false, print: line => void process.stderr.write(`${line}\n`) })
    await publish(given)
  }),
  command(
    'rollback',
    'VERSION',
    'Makes the document of an older version live again, as a new version.',
    async given => {
      if ((await find(given)).publishedAt === null)
        throw new Refusal('conflict', `Version ${given.word} was never live: leadlight model publish ${given.word}`)
      await publish(given)
    },
  ),
]

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'))
  } catch (error) {
    throw new Refusal('invalid', `${file} cannot be read as JSON: ${(error as Error).message}`)
  }
}

function inWords({ from, to, persons, stages, labels, scores }: ModelDiff): string {
  const line = (name: string, { before, after, enter, leave }: Change) =>
    `  ${name.padEnd(12)} ${before} → ${after}   ${enter.count} enter, ${leave.count} leave`
  const { before, after } = scores
  return [
    `Version ${to} against ${from}, over ${persons} leads:`,
    ...QUALIFYING.map(stage => line(stage, stages[stage])),
    ...Object.entries(labels).map(([label, change]) => line(label, change)),
    `  score        median ${before.p50.toFixed(1)} → ${after.p50.toFixed(1)}, mean ${before.mean.toFixed(1)} → ${after.mean.toFixed(1)}; ${scores.risen} rise, ${scores.fallen} fall`,
    'Whoever has reached a stage stays there; nobody is told.',
  ].join('\n')
}
