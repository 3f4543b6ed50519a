/**
 * Which way imports may point. A fact goes http -> commands -> domain -> event store -> projections and reactor, and
 * nothing reaches back. This is the one place to adjust when a folder is added or its business changes.
 */

export interface Rule {
  /** Folders, and single files, that this one may import. Its own files always. */
  readonly uses: readonly string[];
  /** Of these the types alone, by `import type`. */
  readonly typesOf?: readonly string[];
  /** What anybody who wants to change the row should know. */
  readonly because: string;
}

const LOGGER = 'src/logger.ts';
const GATHER = 'src/gather.ts';
const GIVING_WAY = 'src/giving-way.ts';
const HEAP_GROWTH = 'src/heap-growth.ts';
const LOST_CONNECTIONS = 'src/lost-connections.ts';
const NEGOTIATION = 'src/negotiation.ts';
const PAUSE = 'src/pause-for.ts';
const SERVER_URL = 'src/server-url.ts';

export const RULES: Readonly<Record<string, Rule>> = {
  'src/domain': {
    uses: [],
    because: 'what is decided depends on nothing but the command and the state: no clock, no chance, no database',
  },
  'src/addresses': {
    uses: [],
    because: 'reading addresses is of use to anybody, and needs nobody',
  },
  'src/event-store': {
    uses: [GATHER, LOST_CONNECTIONS, PAUSE],
    typesOf: [LOGGER],
    because: 'a store of events knows no invitation, so that any engine can take its place',
  },
  'src/tokens': {
    uses: ['src/domain'],
    because: 'a token says which issue of which invitation, and nothing of who sends or stores it',
  },
  'src/commands': {
    uses: ['src/domain', 'src/addresses', 'src/event-store', 'src/tokens'],
    because: 'commands decide on the log: a projection may lag, and must not be asked',
  },
  'src/database': {
    uses: [GATHER, LOST_CONNECTIONS, GIVING_WAY, PAUSE],
    typesOf: ['src/commands', LOGGER],
    because:
      'connections and migrations serve all who store rows, what commands ask for is theirs to say, and what goes last is for the system to heed',
  },
  'src/projecting': {
    uses: ['src/event-store', 'src/database', PAUSE],
    typesOf: [LOGGER],
    because: 'the engine that projects knows no invitation: what a projection is about is its own matter',
  },
  'src/rebuilding': {
    uses: ['src/projecting', 'src/event-store', 'src/database', HEAP_GROWTH, PAUSE],
    typesOf: [LOGGER],
    because: 'tables are built anew by the engine that projects, and whatever they are about is no matter',
  },
  'src/operating': {
    uses: ['src/rebuilding', 'src/projecting', 'src/event-store', 'src/domain', 'src/mail', 'projections'],
    typesOf: ['src/reactor'],
    because: "the operator's tool asks for what the engine does, and shows it",
  },
  projections: {
    uses: ['src/projecting', 'src/domain', 'src/database'],
    typesOf: ['src/event-store'],
    because: 'a projection turns events into rows, and causes nothing else',
  },
  'src/mail': {
    uses: [SERVER_URL],
    typesOf: ['src/addresses', LOGGER],
    because: 'rendering and sending a mail is the same whatever made it due',
  },
  templates: {
    uses: [],
    because: 'templates are compiled ahead, and the running service does not know their language',
  },
  'src/reactor': {
    uses: [
      'src/domain',
      'src/event-store',
      'src/commands',
      'src/mail',
      'src/tokens',
      'src/database',
      'src/projecting',
      PAUSE,
    ],
    typesOf: [LOGGER],
    because:
      'the reactor follows the log as projections do, with a checkpoint of its own, and acts by commands and mail',
  },
  'src/metrics': {
    uses: ['src/event-store'],
    typesOf: ['src/commands', 'src/inbound', 'src/projecting', 'src/reactor'],
    because: 'metrics watch from outside: nobody they watch waits for them',
  },
  'src/inbound': {
    uses: ['src/domain', SERVER_URL, PAUSE],
    typesOf: ['src/commands', LOGGER],
    because: 'what mail servers and providers report is put into words of ours here, and acted upon by commands',
  },
  'src/http': {
    uses: [
      'src/addresses',
      'src/commands',
      'src/database',
      'src/domain',
      'src/event-store',
      'src/inbound',
      'src/mail',
      'src/metrics',
      'src/pages',
      'src/projecting',
      'src/rebuilding',
      'src/tokens',
      'projections',
      NEGOTIATION,
    ],
    typesOf: ['src/config.ts', 'src/core.ts', 'src/reactor', LOGGER],
    because: 'a request ends in a command or a query; mails follow from the log, and what is embedded can be absent',
  },
  'src/pages': {
    uses: [NEGOTIATION],
    because: 'the pages ask what they show of the REST interface, as any client does',
  },
  'src/demo': {
    uses: ['src/config.ts', 'src/service.ts', SERVER_URL],
    because: 'the demonstration is a client of the REST interface, which starts the service where none runs',
  },
  'src/embedded': {
    uses: [NEGOTIATION, PAUSE],
    typesOf: [LOGGER],
    because:
      'the parts for trying out stand in for real ones, and know nothing of who uses them; the inbox speaks the language that was chosen on the pages',
  },
};

/** Files right in `src` put the parts together: they may import anything, and nobody but them imports everything. */
export const COMPOSITION = 'src';

/** Packages that only some folders may import. `/*` stands for the packages of a scope. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@eventstore/db-client': ['src/event-store'],
  pg: ['src/database', 'src/embedded', 'src/event-store', 'src/projecting', 'src/rebuilding', 'src/reactor'],
  kysely: ['src/database', 'src/http', 'src/projecting', 'src/rebuilding', 'src/reactor', 'projections'],
  'graphile-worker': ['src/reactor'],
  nodemailer: ['src/mail'],
  imapflow: ['src/inbound'],
  mjml: ['templates'],
  fastify: ['src/http', 'src/pages', 'src/embedded/inbox'],
  '@fastify/*': ['src/http', 'src/pages', 'src/embedded/inbox'],
};

/** Folders that import no package, and nothing of Node either. */
export const PURE: readonly string[] = ['src/domain'];
