import { conditionSchemas } from './condition-check.ts'
import { schemaOf } from './document.ts'
import { modelCheck } from './model-check.ts'

/**
 * JSON Schema (draft 2020-12) of the model document, for editors and for whoever writes models by program: the same tables
 * that `readModel` checks by. What only shows when parts are held against each other is left to `readModel`: ids that stand
 * twice, groups that are not there, limits the wrong way round, caps of the wrong sign, unknown time zones.
 */
export const modelSchema = (): Record<string, unknown> => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Leadlight model',
  description: 'When is what worth how many points: groups, rules, labels and stage conditions.',
  ...(JSON.parse(JSON.stringify(schemaOf(modelCheck))) as object),
  $defs: JSON.parse(JSON.stringify(conditionSchemas())) as unknown,
})
