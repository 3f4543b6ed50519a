import { PROBLEMS, type ProblemCode } from './catalogue.js';

/** A place in a request that is not as it should be. */
export interface Fault {
  /** In the body: a JSON pointer as a URI fragment (RFC 6901, section 6). */
  readonly pointer?: string;
  /** In the path or the query: the parameter's name. */
  readonly parameter?: string;
  readonly header?: string;
  /** What to do about it. */
  readonly detail: string;
}

export interface ProblemOptions {
  readonly errors?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Members of the problem's own (RFC 9457, section 3.2). */
  readonly members?: Readonly<Record<string, string | readonly string[]>>;
  readonly cause?: unknown;
}

/** An answer that is a problem. `message` is its detail: a sentence for the person who reads it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly errors: readonly Fault[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, string | readonly string[]>>;

  constructor(
    readonly code: ProblemCode,
    detail: string = PROBLEMS[code].advice,
    { errors, headers = {}, members = {}, cause }: ProblemOptions = {},
  ) {
    super(detail, { cause });
    this.errors = errors;
    this.headers = headers;
    this.members = members;
  }

  get statusCode(): number {
    return PROBLEMS[this.code].status;
  }
}

/** Where a problem's page is. Its address is the problem's `type` and never changes. */
export function problemType(publicUrl: string, code: ProblemCode): string {
  return `${publicUrl}/problems/${code}`;
}

/**
 * The problem as JSON (RFC 9457). `<` is escaped: what a client sent may come back in a pointer, and must not be markup
 * to whatever shows it.
 */
export function problemBody(problem: Problem, publicUrl: string, requestId: string): string {
  const { code, message: detail, errors, members } = problem;
  const { status, title } = PROBLEMS[code];
  const type = problemType(publicUrl, code);
  return JSON.stringify({
    type,
    title,
    status,
    detail,
    code,
    requestId,
    ...(errors && { errors }),
    ...members,
  }).replaceAll('<', '\\u003c');
}
