import type { FastifyError } from 'fastify';

import { Throttled } from '../../commands/allowance.js';
import { DomainError, TooSoon } from '../../domain/domain-error.js';
import { EventStoreUnavailable, StreamConflict } from '../../event-store/event-store.js';
import { MalformedReport, UntrustedReport } from '../../inbound/inbound.js';
import { InvalidToken } from '../../tokens/signed-token.js';
import { allowanceHeaders } from '../security/allowance-headers.js';
import type { ProblemCode } from './catalogue.js';
import { Problem } from './problem.js';
import { faultsOf } from './validation.js';

/** What Fastify refuses by itself. */
const FASTIFY_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
};

/** Any error as the problem that its asker gets. Of what nobody foresaw, nothing is told. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TooSoon) return notBefore(error);
  if (error instanceof DomainError) {
    return new Problem(error.code, error.message, { members: error.facts, cause: error });
  }
  if (error instanceof InvalidToken) return new Problem('invalid-token', error.message, { cause: error });
  if (error instanceof UntrustedReport) return new Problem('untrusted-report', error.message, { cause: error });
  if (error instanceof MalformedReport) return new Problem('malformed-report', error.message, { cause: error });
  if (error instanceof StreamConflict) return new Problem('conflict', undefined, { cause: error });
  if (error instanceof EventStoreUnavailable)
    return new Problem('event-store-unavailable', undefined, { cause: error });
  return problemOfLibrary(error as Partial<FastifyError>);
}

function notBefore(error: TooSoon): Problem {
  const { code, message, possibleAt, waitSeconds } = error;
  const retryAfter = { 'retry-after': String(waitSeconds) };
  if (!(error instanceof Throttled)) {
    return new Problem(code, message, { headers: retryAfter, members: { possibleAt }, cause: error });
  }
  const headers = { ...retryAfter, ...allowanceHeaders(error.standing) };
  return new Problem(code, message, { headers, members: { possibleAt, limit: error.limit }, cause: error });
}

function problemOfLibrary(error: Partial<FastifyError>): Problem {
  const { code = '', statusCode = 500, validation, validationContext } = error;
  if (validation) {
    const errors = faultsOf(validation, validationContext);
    return new Problem('invalid-request', undefined, { errors, cause: error });
  }
  if (code === 'invalid-cursor') return new Problem('invalid-cursor', undefined, { cause: error });
  if (code === 'history-differs-from-log') return new Problem('history-differs-from-log', undefined, { cause: error });
  if (isDatabaseUnavailable(error)) return new Problem('database-unavailable', undefined, { cause: error });
  if (statusCode < 400 || statusCode >= 500) return new Problem('internal-error', undefined, { cause: error });
  return new Problem(FASTIFY_CODES[code] ?? 'malformed-request', undefined, { cause: error });
}

/** Classes 08 (connection), 53 (resources) and 57P (shutdown) of Postgres' error codes; errors of the socket and the pool; and of a
 * client whose connection ended, which is all that is left of the reason once a transaction could not even be rolled back. */
function isDatabaseUnavailable({ code = '', message = '' }: Partial<FastifyError>): boolean {
  return (
    /^(?:08|53|57P)...?$/.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND'].includes(code) ||
    /^(?:Connection terminated|timeout exceeded when trying to connect)|\bis not queryable$/.test(message)
  );
}
