import { userInfo } from 'node:os';

import type { Invocation } from './command.js';

/** Options of whatever goes into the journal. */
export const DECISION = { by: { type: 'string' }, reason: { type: 'string' } } as const;

/** Who decides, and why where it is said: by name, or as whom the machine knows. */
export function decisionOf({ options }: Pick<Invocation, 'options'>): {
  readonly by: string;
  readonly reason?: string;
} {
  const reason = text(options['reason']);
  return { by: text(options['by']) ?? userInfo().username, ...(reason === undefined ? {} : { reason }) };
}

/** What an option says; undefined where it says nothing. */
export function text(option: string | boolean | undefined): string | undefined {
  return typeof option === 'string' && option.trim() !== '' ? option.trim() : undefined;
}
