import type { IssueOfInvitation } from '../domain/membership/events.js';
import { invitationId, parseInvitationId } from '../domain/streams.js';
import type { TokenKeys } from './keys.js';
import { tokenCodec } from './signed-token.js';

/**
 * The tokens in invitation links. Nothing is stored: a token is derived from the invitation, its issue number and its
 * expiry, so the same mail can be made again, and a resend ends the older link by raising the issue number.
 */
export interface InvitationTokens {
  sign(link: IssueOfInvitation, expiresAt: string): string;
  /** @throws InvalidToken; expiry is for the caller to judge */
  read(token: string): IssueOfInvitation;
}

/** Short names, because every character stands in a link. */
interface Claims {
  readonly w: string;
  readonly u: string;
  readonly n: number;
  readonly i: number;
}

export function createInvitationTokens(keys: TokenKeys): InvitationTokens {
  const codec = tokenCodec<Claims>('invitation', keys);
  return {
    sign(link, expiresAt) {
      const key = parseInvitationId(link.invitationId);
      if (!key) throw new TypeError(`no invitation id: ${link.invitationId}`);
      return codec.sign({ w: key.workspaceId, u: key.userId, n: key.ordinal, i: link.issue }, new Date(expiresAt));
    },
    read(token) {
      const { w, u, n, i } = codec.read(token).claims;
      return { invitationId: invitationId({ workspaceId: w, userId: u }, n), issue: i };
    },
  };
}
