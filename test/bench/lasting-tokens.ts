import { parseTokenKeys } from '../../src/tokens/keys.js';
import { signOperatorToken } from '../../src/tokens/operator-token.js';
import { tokenCodec } from '../../src/tokens/signed-token.js';
import type { Owner, Setting } from './setting.js';

/** An access token of a session is good for a quarter of an hour, and rebuilds take longer. */
export function lasting(owner: Owner, { env }: Setting): Owner {
  const tokens = tokenCodec<object>('access', keysOf(env));
  return { ...owner, accessToken: tokens.sign(tokens.read(owner.accessToken).claims, inAnHour()) };
}

/** The access token of an operator, who may read any workspace. */
export const operatorToken = ({ env }: Setting): string => signOperatorToken(keysOf(env), 'bench', inAnHour());

const keysOf = (env: Setting['env']) => parseTokenKeys(String(env['TOKEN_KEYS']));

const inAnHour = () => new Date(Date.now() + 3_600_000);
