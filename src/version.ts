import { createRequire } from 'node:module';

/** The release, as the package has it. */
export const { version: VERSION } = createRequire(import.meta.url)('../../package.json') as {
  readonly version: string;
};
