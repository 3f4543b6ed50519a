import { type FastifyError, type FastifyReply, type FastifyRequest, LogController } from 'fastify';

/**
 * One line per request, without anything that a client sent: the route's pattern and not the address (which may hold a
 * search for a person), no headers, no body.
 */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(error: FastifyError | null, request: FastifyRequest, reply: FastifyReply): void {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (error) request.log.warn({ ...line, err: scrubbedError(error) }, 'answer cut off');
    else request.log.info(line, 'request');
  }

  override routeNotFound(): void {}

  override defaultErrorLog(): void {}
}

const ADDRESS = /[^\s@/<>"'(),:;=]+@[^\s@/<>"'(),:;]+/g;
const JWT = /\beyJ[\w-]{5,}\.[\w-]*\.?[\w-]*/g;

/**
 * An error as it may stand in a log. Messages of libraries can quote what they were given, and details of Postgres'
 * errors hold whole rows: addresses and tokens are blotted out, details left out.
 */
export function scrubbedError(error: unknown): {
  readonly type: string;
  readonly code?: unknown;
  readonly stack: string;
} {
  if (!(error instanceof Error)) return { type: typeof error, stack: '' };
  const { name, code, stack = `${name}: ${error.message}` } = error as Error & { code?: unknown };
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack}` : '';
  return { type: name, ...(code === undefined ? {} : { code }), stack: scrub(stack + cause) };
}

function scrub(text: string): string {
  return text.replace(JWT, '[token]').replace(ADDRESS, '[address]');
}
