import { userInfo } from 'node:os';

import type { Invocation } from './command.js';
import { textOption } from './options.js';

/** Options of whatever goes into the journal. */
export const DECISION = {
  by: { type: 'string', value: 'WHO', does: 'who decides so; the user of this machine where it is absent' },
  reason: { type: 'string', value: 'TEXT', does: 'why; it is kept in the journal' },
} as const;

/** Who decides, and why where it is said: by name, or as whom the machine knows. */
export function decisionOf({ options }: Pick<Invocation, 'options'>): {
  readonly by: string;
  readonly reason?: string;
} {
  const reason = textOption(options, 'reason');
  return { by: textOption(options, 'by') ?? userInfo().username, ...(reason === undefined ? {} : { reason }) };
}
