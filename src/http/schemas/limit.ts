import { wordOf } from './types.js';

/** Which limit of mails it was, where the code is throttled. */
export const Limit = wordOf(['recipient', 'inviter', 'workspace'], {
  description: 'Whose mails are used up, where the code is throttled.',
});
