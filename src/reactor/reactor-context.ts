import { type CommandContext, derivedId } from '../commands/command-context.js';
import type { Instant } from '../domain/lifetime.js';
import type { Cause } from './jobs.js';

/** The context of what a job commands: a job that runs twice sends the same command. */
export function reactorContext(command: readonly (string | number)[], cause: Cause, now: Instant): CommandContext {
  return { commandId: derivedId(...command), ...cause, actor: { type: 'service', id: 'reactor' }, now };
}
