import type { DeliveryReport } from '../commands/delivery-reports.js';
import type { AttemptOfEmail, ReportSource } from '../domain/membership/events.js';
import type { NoticeReference } from '../domain/membership/mail-reference.js';

/** A request that brings reports, as it came: signatures are over its bytes. */
export interface InboundRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  readonly now: Date;
}

/** One way for reports to come in. */
export interface ReportChannel {
  /**
   * The reports in a request, once it has been proved to come from where it says.
   *
   * @throws UntrustedReport, MalformedReport
   */
  read(request: InboundRequest): Promise<readonly DeliveryReport[]>;
}

/** Whether this is the proof that went out with the mail of an attempt: see `AttemptProofs`. */
export type ProofCheck = (attempt: AttemptOfEmail | NoticeReference, proof: string) => boolean;

/** The ways that are set up. */
export type ReportChannels = Partial<Readonly<Record<ReportSource, ReportChannel>>>;

/** Nothing proves that the request comes from where it says. `message` tells its sender what is missing, and no secret. */
export class UntrustedReport extends Error {
  override readonly name = 'UntrustedReport';
}

/** Signed as it should be, and not of the form that is documented. */
export class MalformedReport extends Error {
  override readonly name = 'MalformedReport';
}

/** A header that is there once. */
export function headerOf({ headers }: InboundRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** @throws MalformedReport */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw new MalformedReport('The body is not JSON.', { cause: error });
  }
}

/** An object of JSON whose members may be anything. */
export type Json = Readonly<Record<string, unknown>>;

/** The object that stands in a member; an empty one where there is none. */
export function objectAt(json: unknown, ...path: readonly string[]): Json {
  let value = json;
  for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return isObject(value) ? value : {};
}

/** The text that stands in a member; a number counts as one. */
export function textAt(json: Json, name: string): string | undefined {
  const value = Object.hasOwn(json, name) ? json[name] : undefined;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The objects in the list that stands in a member. */
export function objectsAt(json: Json, name: string): readonly Json[] {
  const value = Object.hasOwn(json, name) ? json[name] : undefined;
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
