import type { FastifyRequest } from 'fastify';

import { parseAddress } from '../../addresses/parse-recipients.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import { commandContext } from '../requests/command-context.js';
import { languageOf } from '../requests/language.js';
import { fitName, nameFromAddress } from '../requests/names.js';
import type { Caller } from './caller.js';

const MOST_KNOWN = 10_000;

/**
 * The accounts of people whom an identity provider sends: registered the first time they are seen, and remembered for as
 * long as one of our own tokens would hold, so that a request costs no read.
 */
export class KnownAccounts {
  private readonly known = new Map<string, { readonly caller: Caller; readonly until: number }>();

  constructor(private readonly dependencies: Pick<HttpDependencies, 'accounts' | 'digest' | 'now' | 'config'>) {}

  /** @throws Problem `invalid-access-token` for an address that is none */
  async callerWith(
    person: { readonly email: string; readonly name?: string },
    request: FastifyRequest,
  ): Promise<Caller> {
    const parsed = parseAddress(person.email);
    if (!parsed.ok)
      throw new Problem('invalid-access-token', `The claim email is no address. ${parsed.problem.detail}`);
    const { accounts, digest, now, config } = this.dependencies;
    const { email, address } = parsed;
    const userId = digest(address);
    const time = now();
    const remembered = this.known.get(userId);
    if (remembered && remembered.until > time.getTime()) return remembered.caller;

    const name = fitName(person.name) ?? nameFromAddress(email);
    const context = commandContext(request, { type: 'user', id: userId }, time);
    const locale = languageOf(request);
    const { state } = await accounts.register(userId, { email, name, ...(locale && { locale }) }, context);
    const caller = { userId, email, name: state.status === 'registered' ? state.name : name };
    this.remember(caller, time.getTime() + config.accessTokenSeconds * 1000);
    return caller;
  }

  private remember(caller: Caller, until: number): void {
    this.known.delete(caller.userId);
    this.known.set(caller.userId, { caller, until });
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KNOWN && oldest !== undefined) this.known.delete(oldest);
  }
}
