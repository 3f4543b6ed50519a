import { EXIT, type OfflineCommand, UsageError } from './command.js';

/** The longest that a token may be good for, in hours: there is no way to take one back but to change the keys. */
const LONGEST = 24 * 31;

/** How operators get to use the REST interface. */
export const operatorCommands: Readonly<Record<string, OfflineCommand>> = {
  token: {
    synopsis: '--for NAME [--hours N]',
    brief: 'prints an access token for the same over HTTP',
    summary:
      'Prints an access token for /v1/operations, signed with the key of the service. Logs will name whom it was made for. It is ' +
      'good for 8 hours unless it is said otherwise, and can only be taken back by changing TOKEN_KEYS.',
    examples: [['operators token --for ana@example.com --hours 2', '']],
    options: {
      for: { type: 'string', value: 'NAME', does: 'whom it is for; logs and journals name them' },
      hours: { type: 'string', value: 'N', does: `how long it is good for; up to ${LONGEST}, 8 where it is absent` },
    },
    arity: 0,
    async runOffline({ operatorToken, terminal, options }) {
      const name = typeof options['for'] === 'string' ? options['for'].trim() : '';
      const hours = Number(options['hours'] ?? 8);
      if (!/^[\x21-\x7e]{1,100}$/.test(name)) throw new UsageError('say whom it is for: --for NAME, without spaces');
      if (!(hours > 0 && hours <= LONGEST)) throw new UsageError(`--hours takes a number above 0, up to ${LONGEST}`);
      const expiresAt = new Date(Date.now() + hours * 3_600_000);
      const token = await operatorToken(name, expiresAt);
      terminal.print(terminal.json ? JSON.stringify({ token, expiresAt: expiresAt.toISOString() }) : token);
      if (!terminal.json) terminal.note(`Good until ${expiresAt.toISOString()}.\n`);
      return EXIT.done;
    },
  },
};
