import { ACCOUNT_STREAMS, MEMBERSHIP_STREAMS, REFUSAL_STREAMS, WORKSPACE_STREAMS } from '../domain/streams.js';
import { type Position, type RecordedEvent, START } from '../event-store/event-store.js';
import { type Command, EXIT, type ExitCode, type Invocation, UsageError } from './command.js';
import { countOption } from './options.js';

const FILTERS = {
  stream: { type: 'string' },
  type: { type: 'string' },
  workspace: { type: 'string' },
  after: { type: 'string' },
  limit: { type: 'string' },
} as const;

const SYNOPSIS = '[--workspace ID] [--stream PREFIX] [--type TYPE[,TYPE]] [--after POSITION] [--limit N]';

/** Looking into the log. */
export const eventCommands: Readonly<Record<string, Command>> = {
  read: {
    synopsis: SYNOPSIS,
    summary: 'Prints the events of the log, oldest first, up to its end.',
    examples: [
      ['events read --type InvitationEmailFailed', 'mails that no server took'],
      ['events read --workspace ID --json', 'one JSON document a line'],
    ],
    options: FILTERS,
    arity: 0,
    run: (invocation) => printEvents(invocation, positionOf(invocation) ?? START, 'until its end'),
  },
  tail: {
    synopsis: SYNOPSIS,
    summary: 'Prints events as they come, until Ctrl-C.',
    examples: [
      ['events tail', 'everything that happens from now on'],
      ['events tail --type UserInvited,InvitationAccepted', 'only these'],
    ],
    options: FILTERS,
    arity: 0,
    async run(invocation) {
      const after = positionOf(invocation) ?? (await invocation.stores.store.head());
      return printEvents(invocation, after, 'for ever');
    },
  },
};

async function printEvents(
  invocation: Invocation,
  after: Position,
  how: 'until its end' | 'for ever',
): Promise<ExitCode> {
  const { stores, terminal, signal, options } = invocation;
  const types = options['type'] === undefined ? undefined : new Set(String(options['type']).split(','));
  const streamPrefixes = prefixesOf(invocation);
  let left = countOption(options['limit'], 'limit') ?? Number.POSITIVE_INFINITY;
  for await (const { events, caughtUp } of stores.store.subscribe({ after, streamPrefixes, signal })) {
    for (const event of events) {
      if (types && !types.has(event.type)) continue;
      if (left-- <= 0) return EXIT.done;
      terminal.print(terminal.json ? JSON.stringify(event) : lineOf(event));
    }
    if (left <= 0 || (caughtUp && how === 'until its end')) return EXIT.done;
  }
  return how === 'for ever' ? EXIT.done : EXIT.interrupted;
}

function positionOf({ options }: Invocation): Position | undefined {
  return options['after'] as Position | undefined;
}

function prefixesOf({ options: { stream, workspace } }: Invocation): string[] {
  if (stream !== undefined && workspace !== undefined) throw new UsageError('give --stream or --workspace, not both');
  if (stream !== undefined) return [String(stream)];
  if (workspace !== undefined) {
    return [WORKSPACE_STREAMS + workspace, `${MEMBERSHIP_STREAMS}${workspace}.`, `${REFUSAL_STREAMS}${workspace}.`];
  }
  return [WORKSPACE_STREAMS, MEMBERSHIP_STREAMS, ACCOUNT_STREAMS, REFUSAL_STREAMS];
}

/** `0000000000000012  2026-01-01T00:00:00.000Z  UserInvited  membership-….…@0  user:…  {…}` */
function lineOf({ position, metadata, type, stream, revision, data }: RecordedEvent): string {
  const actor = metadata['actor'] as { readonly type?: string; readonly id?: string } | undefined;
  const who = actor?.type ? `${actor.type}${actor.id ? `:${actor.id}` : ''}` : '-';
  return [position, metadata['at'] ?? '-', type, `${stream}@${revision}`, who, JSON.stringify(data)].join('  ');
}
