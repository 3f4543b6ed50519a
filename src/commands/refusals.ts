import type { RequestRefused } from '../domain/refusal/events.js';
import { refusalStream } from '../domain/streams.js';
import type { EventStore } from '../event-store/event-store.js';
import { type CommandContext, derivedId, toNewEvents } from './command-context.js';

/** Length of "YYYY-MM-DDTHH:MM". */
const MINUTE = 16;

/** Records what people asked for and had no right to. */
export class Refusals {
  constructor(private readonly store: EventStore) {}

  /**
   * The same refusal is recorded once a minute, however often it is asked for: nobody can fill the log by asking.
   *
   * @throws EventStoreUnavailable
   */
  async record(
    workspaceId: string,
    actorId: string,
    refused: RequestRefused['data'],
    context: CommandContext,
  ): Promise<void> {
    const stream = refusalStream({ workspaceId, userId: actorId });
    const { operation, reason, subjectId = '' } = refused;
    const minute = context.now.slice(0, MINUTE);
    const commandId = derivedId('refusal', operation, reason, subjectId, minute);
    const events = toNewEvents([{ type: 'RequestRefused', data: refused }], stream, { ...context, commandId });
    await this.store.append(stream, events, 'any');
  }
}
