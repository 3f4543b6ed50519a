import type { Static } from '@fastify/type-provider-typebox';

import type { SuppressedAddress } from '../../../projections/users-tab/queries.js';
import type { WarningSchema } from '../schemas/user.js';
import type { UserView } from './user-view.js';

const DETAILS: Readonly<Record<SuppressedAddress['reason'], string>> = {
  'hard-bounce':
    'Mails to this address came back, so none is sent to it. Correct the address; or, if it takes mail again, lift the suppression and send the invitation again.',
  complaint:
    'The recipient reported a mail as spam, so none is sent to this address. Agree with them first; then lift the suppression and send the invitation again.',
};

/** Why an invitation that was made is not mailed. */
export function suppressionWarning({ reason }: SuppressedAddress): Static<typeof WarningSchema> {
  return { code: 'address-suppressed', detail: DETAILS[reason] };
}

/** Somebody who was just invited, to an address that takes no mails: what the worker is about to find is told at once. */
export function withSuppression(view: UserView, suppressed: SuppressedAddress | undefined): UserView {
  if (!suppressed) return view;
  const warning = suppressionWarning(suppressed);
  return { ...view, delivery: view.delivery && { ...view.delivery, status: 'suppressed' }, warning };
}
