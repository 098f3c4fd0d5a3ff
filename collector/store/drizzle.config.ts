import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: './collector/store/schema.ts',
  out: './collector/store/migrations',
})
