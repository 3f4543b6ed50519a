import { EventStoreError, EventStoreUnavailable } from '../event-store.js';

/** A call that got no answer in time. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';

  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds} ms`);
  }
}

/** The server took the call and its credentials, but they do not permit it. */
export class AccessDenied extends Error {
  override readonly name = 'AccessDenied';

  constructor() {
    super('the server denies access');
  }
}

/** Codes of gRPC (https://grpc.io/docs/guides/status-codes/) that are met here. */
const UNKNOWN = 2;
const PERMISSION_DENIED = 7;
const ABORTED = 10;
const UNAUTHENTICATED = 16;

/** What the server says in a trailer of a failed call: stable names, where the message is for people. */
type ServerException = 'not-leader' | 'stream-deleted';

/**
 * What a failed call calls for:
 *
 * - `report`: trying again would not help.
 * - `retry`: the server could not do it now. Where another node has to be asked, the client has learnt which.
 * - `reconnect`: nothing is known of the server any more, or of what the client still knows about it. The client's
 *   recovery is not relied on: after a failed discovery it stays broken for ever.
 */
export function remedyFor(error: unknown): 'report' | 'retry' | 'reconnect' {
  if (error instanceof EventStoreUnavailable) return 'retry';
  if (error instanceof EventStoreError || isAccessDenied(error)) return 'report';
  if (isException(error, 'not-leader') || code(error) === ABORTED || code(error) === UNKNOWN) return 'retry';
  return 'reconnect';
}

export function isStreamDeleted(error: unknown): boolean {
  return isException(error, 'stream-deleted');
}

/** The server drops a live subscription that falls 32 events behind. */
export function isConsumerTooSlow(error: unknown): boolean {
  return code(error) === ABORTED;
}

/** All that the server says when it is asked to go on from a place where no event begins. */
export function isUnknownToServer(error: unknown): boolean {
  return code(error) === UNKNOWN;
}

/** In words, for a log or a message. */
export function describe(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

function isAccessDenied(error: unknown): boolean {
  return error instanceof AccessDenied || [PERMISSION_DENIED, UNAUTHENTICATED].includes(code(error) ?? 0);
}

/** Errors come raw from gRPC: known by their number, whatever class they are of. */
function code(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

interface Trailers {
  get(name: string): readonly unknown[];
}

function isException(error: unknown, exception: ServerException): boolean {
  if (!(error instanceof Error && 'metadata' in error)) return false;
  return (error.metadata as Trailers | undefined)?.get('exception').includes(exception) ?? false;
}
