/**
 * How streams and invitations are named. A workspace id and a user id are 26 characters of [a-z0-9]; a user id is the
 * keyed digest of an address, so that neither a stream name nor an invitation id gives an address away.
 */
export const WORKSPACE_STREAMS = 'workspace-';
export const MEMBERSHIP_STREAMS = 'membership-';
export const ACCOUNT_STREAMS = 'account-';
export const REFUSAL_STREAMS = 'refusal-';
export const ADDRESS_STREAMS = 'address-';

/** Every stream of ours begins with one of these. */
export const ALL_STREAMS = [WORKSPACE_STREAMS, MEMBERSHIP_STREAMS, ACCOUNT_STREAMS, REFUSAL_STREAMS, ADDRESS_STREAMS];

export const ID_PATTERN = '^[a-z0-9]{26}$';
export const INVITATION_ID_PATTERN = '^[a-z0-9]{26}\\.[a-z0-9]{26}\\.[1-9][0-9]{0,5}$';

/** One person in one workspace. */
export interface MembershipKey {
  readonly workspaceId: string;
  readonly userId: string;
}

export function workspaceStream(workspaceId: string): string {
  return WORKSPACE_STREAMS + workspaceId;
}

export function membershipStream({ workspaceId, userId }: MembershipKey): string {
  return `${MEMBERSHIP_STREAMS}${workspaceId}.${userId}`;
}

/** What the streams begin with that are of one workspace. */
export function streamsOfWorkspace(workspaceId: string): string[] {
  return [workspaceStream(workspaceId), `${MEMBERSHIP_STREAMS}${workspaceId}.`, `${REFUSAL_STREAMS}${workspaceId}.`];
}

/** What one person in one workspace was refused. */
export function refusalStream({ workspaceId, userId }: MembershipKey): string {
  return `${REFUSAL_STREAMS}${workspaceId}.${userId}`;
}

export function accountStream(userId: string): string {
  return ACCOUNT_STREAMS + userId;
}

/** Whether mails may go to an address at all, whoever invites it. */
export function addressStream(userId: string): string {
  return ADDRESS_STREAMS + userId;
}

/** The opposite of `membershipStream`; undefined for any other stream. */
export function membershipKeyOf(stream: string): MembershipKey | undefined {
  if (!MEMBERSHIP_STREAM.test(stream)) return undefined;
  const dot = stream.indexOf('.');
  return { workspaceId: stream.slice(MEMBERSHIP_STREAMS.length, dot), userId: stream.slice(dot + 1) };
}

const MEMBERSHIP_STREAM = /^membership-[a-z0-9]{26}\.[a-z0-9]{26}$/;

/**
 * The name of a person's n-th invitation (from 1) to a workspace. It says where to look, so that a command finds the
 * stream without asking a read model that may lag.
 */
export function invitationId({ workspaceId, userId }: MembershipKey, ordinal: number): string {
  return `${workspaceId}.${userId}.${ordinal}`;
}

/**
 * The name of one attempt to mail one issue of an invitation. A mail server gets it as the envelope's id (RFC 3461 section 4.4),
 * which must be short, ASCII and without spaces, and names it again in whatever it reports later.
 */
export function attemptId(of: {
  readonly invitationId: string;
  readonly issue: number;
  readonly attempt: number;
}): string {
  return `${of.invitationId}.${of.issue}.${of.attempt}`;
}

/** The opposite of `invitationId`; undefined for a text that is none. */
export function parseInvitationId(id: string): (MembershipKey & { readonly ordinal: number }) | undefined {
  if (!new RegExp(INVITATION_ID_PATTERN).test(id)) return undefined;
  const [workspaceId = '', userId = '', ordinal] = id.split('.');
  return { workspaceId, userId, ordinal: Number(ordinal) };
}
