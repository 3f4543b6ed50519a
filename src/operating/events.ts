import { ALL_STREAMS, ID_PATTERN, streamsOfWorkspace } from '../domain/streams.js';
import { type Position, type RecordedEvent, START } from '../event-store/event-store.js';
import { type LookThrough, lookThrough, typesIn } from '../event-store/look-through.js';
import { type Command, EXIT, type ExitCode, type Invocation, UsageError } from './command.js';
import { countOption, textOption } from './options.js';

const FILTERS = {
  workspace: { type: 'string', value: 'ID', does: 'only events of this workspace' },
  stream: { type: 'string', value: 'PREFIX', does: 'only of streams whose names begin so' },
  type: { type: 'string', value: 'TYPE[,TYPE]', does: 'only of these types' },
  after: { type: 'string', value: 'POSITION', does: 'only behind this position, as it stands first in each line' },
  limit: { type: 'string', value: 'N', does: 'ends after so many' },
} as const;

const SYNOPSIS = '[--workspace ID] [--stream PREFIX] [--type TYPE[,TYPE]] [--after POSITION] [--limit N]';

/** Looking into the log. */
export const eventCommands: Readonly<Record<string, Command>> = {
  read: {
    synopsis: SYNOPSIS,
    brief: 'prints the events of the log, oldest first',
    summary: 'Prints the events of the log, oldest first, up to its end.',
    examples: [
      ['events read --type InvitationEmailFailed', 'mails that no server took'],
      ['events read --workspace ID --json', 'one JSON document a line'],
    ],
    options: FILTERS,
    arity: 0,
    run: (invocation) => printEvents(invocation, positionOf(invocation) ?? START, 'its end'),
  },
  tail: {
    synopsis: SYNOPSIS,
    brief: 'prints events as they come',
    summary: 'Prints events as they come, until Ctrl-C.',
    examples: [
      ['events tail', 'everything that happens from now on'],
      ['events tail --type UserInvited,InvitationAccepted', 'only these'],
    ],
    options: FILTERS,
    arity: 0,
    run: (invocation) => printEvents(invocation, positionOf(invocation), 'aborted'),
  },
};

/** @param from behind which position; the log's end where it is absent */
async function printEvents(
  invocation: Invocation,
  from: Position | undefined,
  until: LookThrough['until'],
): Promise<ExitCode> {
  const { stores, terminal, signal, options } = invocation;
  // A subscription waits for a store that is not there, however long that takes: whether it is there is asked first.
  const head = await stores.store.head();
  const after = from ?? head;
  const pieces = lookThrough(stores.store, {
    after,
    streamPrefixes: prefixesOf(invocation),
    types: typesIn(textOption(options, 'type')),
    limit: countOption(options, 'limit'),
    until,
    signal,
  });
  let isEmpty = true;
  for await (const { events } of pieces) {
    for (const event of events) terminal.print(terminal.json ? JSON.stringify(event) : lineOf(event));
    isEmpty &&= events.length === 0;
  }
  if (until === 'aborted') return EXIT.done;
  if (signal.aborted) return EXIT.interrupted;
  if (isEmpty && !terminal.json) terminal.note('The log holds no such event.\n');
  return EXIT.done;
}

function positionOf({ options }: Invocation): Position | undefined {
  return textOption(options, 'after') as Position | undefined;
}

function prefixesOf({ options }: Invocation): string[] {
  const [stream, workspace] = [textOption(options, 'stream'), textOption(options, 'workspace')];
  if (stream !== undefined && workspace !== undefined) throw new UsageError('give --stream or --workspace, not both');
  if (stream !== undefined) return [stream];
  if (workspace === undefined) return ALL_STREAMS;
  if (!new RegExp(ID_PATTERN).test(workspace)) {
    throw new UsageError('--workspace is the id of a workspace: 26 characters of a-z and 0-9');
  }
  return streamsOfWorkspace(workspace);
}

/** `0000000000000012  2026-01-01T00:00:00.000Z  UserInvited  membership-….…@0  user:…  {…}` */
function lineOf({ position, metadata, type, stream, revision, data }: RecordedEvent): string {
  const actor = metadata['actor'] as { readonly type?: string; readonly id?: string } | undefined;
  const who = actor?.type ? `${actor.type}${actor.id ? `:${actor.id}` : ''}` : '-';
  return [position, metadata['at'] ?? '-', type, `${stream}@${revision}`, who, JSON.stringify(data)].join('  ');
}
