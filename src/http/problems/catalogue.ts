import type { DomainErrorCode } from '../../domain/domain-error.js';

/** What goes wrong before or beside the rules of the domain. */
export type HttpProblemCode =
  | 'invalid-request'
  | 'malformed-json'
  | 'malformed-request'
  | 'invalid-address'
  | 'invalid-token'
  | 'invalid-cursor'
  | 'future-instant'
  | 'name-required'
  | 'too-many-recipients'
  | 'authentication-required'
  | 'invalid-access-token'
  | 'session-ended'
  | 'cross-site-request'
  | 'sign-in-required'
  | 'operator-required'
  | 'person-required'
  | 'projection-not-found'
  | 'inbound-not-configured'
  | 'untrusted-report'
  | 'malformed-report'
  | 'report-not-recorded'
  | 'operation-under-way'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'request-in-flight'
  | 'projection-behind'
  | 'sign-in-link-used'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'idempotency-key-reused'
  | 'too-many-requests'
  | 'internal-error'
  | 'history-differs-from-log'
  | 'event-store-unavailable'
  | 'database-unavailable'
  | 'identity-provider-unavailable';

/** Stable: a code never changes its meaning. */
export type ProblemCode = DomainErrorCode | HttpProblemCode;

export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What to do about it: the text of the problem's page. */
  readonly advice: string;
  /**
   * Seconds after which the very same request may succeed. Such an answer is not kept under an idempotency key: sending
   * the request again carries it out.
   */
  readonly retryAfter?: number;
}

/** Every problem that this interface answers with. The one place where a code meets an HTTP status. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  'invalid-request': {
    status: 400,
    title: 'The request does not have the form that is asked for',
    advice: 'Each entry of errors names a place in the request and says what to change there.',
  },
  'malformed-json': {
    status: 400,
    title: 'The body is not JSON',
    advice: 'Send one JSON value in UTF-8, as described for the route.',
  },
  'malformed-request': {
    status: 400,
    title: 'The request cannot be read',
    advice: 'Check the address and the headers of the request.',
  },
  'invalid-address': {
    status: 400,
    title: 'Not an e-mail address',
    advice: 'The detail says what is wrong with the address. Correct it and send the request again.',
  },
  'invalid-token': {
    status: 400,
    title: 'The link is not good',
    advice: 'Copy the whole link from the newest e-mail, or ask for a new one.',
  },
  'invalid-cursor': {
    status: 400,
    title: 'The cursor belongs to no page',
    advice: 'Take the cursor from nextCursor of the page before, unchanged, with the same sort; or begin without one.',
  },
  'invalid-name': {
    status: 400,
    title: 'Not a name',
    advice: 'Give a name that has at least one character that can be seen, within the length that the detail says.',
  },
  'invalid-lifetime': {
    status: 400,
    title: 'Invitations cannot live that long or short',
    advice: 'Give a whole number of seconds from 3600 (an hour) to 2592000 (30 days).',
  },
  'invalid-reminders': {
    status: 400,
    title: 'Reminders cannot follow that soon or late',
    advice: 'Give a whole number of seconds from 86400 (a day) to 2505600 (29 days).',
  },
  'invalid-domain': {
    status: 400,
    title: 'Not a domain',
    advice:
      'Give domains such as example.com, or *.example.com for all below it. Each entry of errors names one that is none.',
  },
  'invalid-colour': {
    status: 400,
    title: 'Not a colour that white text can be read on',
    advice:
      'Give #rrggbb. The detail says the contrast of the colour, the least there must be, and a colour that passes.',
  },
  'invalid-logo': {
    status: 400,
    title: 'Not a logo that mails may show',
    advice: 'Give an https address on one of the hosts that the detail names; the operator sets them in LOGO_HOSTS.',
  },
  'future-instant': {
    status: 400,
    title: 'The instant is yet to come',
    advice: 'Only what has been can be told. Give an instant that is past, or none for how things are now.',
  },
  'name-required': {
    status: 400,
    title: 'A name is needed',
    advice: 'Nobody has said what the new person is called. Ask them, and send it as name.',
  },
  'too-many-recipients': {
    status: 400,
    title: 'Too many at once',
    advice: 'Send them in several requests, each under an idempotency key of its own.',
  },
  'authentication-required': {
    status: 401,
    title: 'Sign in first',
    advice: 'Send an access token: Authorization: Bearer and the token. POST /v1/sessions gives one.',
  },
  'invalid-access-token': {
    status: 401,
    title: 'The access token is not good, or not any more',
    advice: 'Sign in again and send the request with the new access token.',
  },
  'session-ended': {
    status: 401,
    title: 'The session has ended',
    advice: 'Sign in again. The cookie of the session is of no use any more.',
  },
  'sign-in-required': {
    status: 401,
    title: 'This address has an account: sign in first',
    advice: 'Sign in with the address that was invited, then accept with the access token.',
  },
  'cross-site-request': {
    status: 403,
    title: 'The request does not come from a page of this service',
    advice:
      'A request that is signed in by a cookie takes the header X-CSRF: 1, from a page of the same origin. Other clients send an access token.',
  },
  'not-allowed': {
    status: 403,
    title: 'Not allowed',
    advice: 'Only the owner and the administrators of the workspace can do this. Ask one of them.',
  },
  'domain-not-allowed': {
    status: 403,
    title: 'The workspace does not invite addresses of this domain',
    advice: 'Use an address of another domain, or have an administrator change invitationDomains of the workspace.',
  },
  'owner-required': {
    status: 403,
    title: 'Takes the owner, or another owner first',
    advice: 'Only the owner transfers the ownership, and the owner can neither leave nor be demoted before doing so.',
  },
  'wrong-account': {
    status: 403,
    title: 'The invitation is for another address',
    advice: 'Sign out, and sign in with the address that was invited.',
  },
  'inviter-not-allowed': {
    status: 403,
    title: 'Whoever sent the invitation may not invite any more',
    advice: 'Ask an administrator of the workspace to send the invitation again.',
  },
  'not-found': { status: 404, title: 'Nothing is here', advice: 'Check the address; /docs lists all routes.' },
  'workspace-not-found': {
    status: 404,
    title: 'No such workspace',
    advice: 'There is no such workspace, or you are not in it. GET /v1/me lists those that you are in.',
  },
  'user-not-found': {
    status: 404,
    title: 'No such person',
    advice: 'Nobody with this id has been invited to the workspace.',
  },
  'invitation-not-found': {
    status: 404,
    title: 'No such invitation',
    advice: 'Take the id of the invitation from the user that it was made for.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Not with this method',
    advice: 'The header Allow lists the methods that this address knows.',
  },
  'already-invited': {
    status: 409,
    title: 'Invited already',
    advice: 'The person has an open invitation: send it again with POST .../invitations/{invitationId}/resend.',
  },
  'already-member': { status: 409, title: 'In the workspace already', advice: 'There is nothing left to do.' },
  'same-address': {
    status: 409,
    title: 'The address is the same',
    advice:
      'Addresses that differ only in upper and lower case are one. To send the mail again: POST .../invitations/{invitationId}/resend.',
  },
  'renewal-not-needed': {
    status: 409,
    title: 'The link is still good',
    advice: 'A new link is not needed: accept the invitation with this one.',
  },
  'not-active': {
    status: 409,
    title: 'Not an active member',
    advice: 'Only people who have accepted can have their permission changed, be removed, or become the owner.',
  },
  'invitation-not-open': {
    status: 409,
    title: 'The invitation is not open',
    advice: 'Only an invitation that waits or has expired can be sent again or withdrawn. Otherwise invite anew.',
  },
  'invitation-already-accepted': {
    status: 409,
    title: 'Accepted already',
    advice: 'The invitation was used before. Sign in instead.',
  },
  conflict: {
    status: 409,
    title: 'Others kept changing the same thing',
    advice: 'Nothing was done. Send the same request again.',
    retryAfter: 1,
  },
  'request-in-flight': {
    status: 409,
    title: 'The same request is being worked on',
    advice: 'Wait as long as Retry-After says, and send it again with the same Idempotency-Key to get its answer.',
    retryAfter: 1,
  },
  'operator-required': {
    status: 403,
    title: 'For operators',
    advice:
      'This needs an access token with the scope operator: from `operators token`, or from the identity provider.',
  },
  'untrusted-report': {
    status: 403,
    title: 'Nothing proves where this comes from',
    advice:
      'Sign the request as its route describes, with the key that the service was set up with, and check the clocks.',
  },
  'malformed-report': {
    status: 400,
    title: 'Not a report that is known here',
    advice: 'Send it as whoever reports documents it, unchanged.',
  },
  'inbound-not-configured': {
    status: 404,
    title: 'Reports are not taken in this way',
    advice: 'Whoever runs the service sets it up: docs/operations.md says how, for each provider.',
  },
  'person-required': {
    status: 403,
    title: 'For people',
    advice: "An operator's token belongs to no person. Sign in, and send that access token.",
  },
  'projection-not-found': {
    status: 404,
    title: 'No such projection',
    advice: 'GET /v1/operations/projections lists them.',
  },
  'operation-under-way': {
    status: 409,
    title: 'Somebody is at work on it',
    advice: 'One piece of work at a time on each projection. Look at its progress, and wait until it is done.',
  },
  'projection-behind': {
    status: 409,
    title: 'Not that far yet',
    advice:
      'What is read here lags behind the position that Min-Event-Position asks for. Wait as long as Retry-After says and ask again.',
    retryAfter: 1,
  },
  'invitation-expired': {
    status: 410,
    title: 'The invitation has expired',
    advice: 'Ask the person who sent it to send it again: that makes a new link.',
  },
  'invitation-superseded': {
    status: 410,
    title: 'There is a newer invitation',
    advice: 'Use the link of the newest e-mail, or the newer invitation that the detail names.',
  },
  'invitation-revoked': {
    status: 410,
    title: 'The invitation was withdrawn',
    advice: 'Ask the person who sent it for a new one.',
  },
  'invitation-declined': {
    status: 410,
    title: 'The invitation was declined',
    advice: 'Ask the person who sent it for a new one.',
  },
  'sign-in-link-used': {
    status: 410,
    title: 'The sign-in link was used before',
    advice: 'Each link is good for one sign-in. Ask for a new one with POST /v1/sign-in-links.',
  },
  'body-too-large': { status: 413, title: 'The body is too large', advice: 'Send less in one request.' },
  'unsupported-media-type': {
    status: 415,
    title: 'Not JSON',
    advice: 'Send the body as JSON, with Content-Type: application/json.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The key belongs to another request',
    advice: 'Give every new request an idempotency key of its own, such as a random UUID.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    advice: 'Wait as long as Retry-After says. The RateLimit headers say how many requests are left.',
    retryAfter: 60,
  },
  'resend-too-soon': {
    status: 429,
    title: 'The last mail is too fresh',
    advice:
      'Between two mails of an invitation there has to be a pause. possibleAt says when it can be sent again, Retry-After in how many seconds.',
    retryAfter: 60,
  },
  throttled: {
    status: 429,
    title: 'Enough invitations for now',
    advice:
      'Mails of invitations are limited by recipient, by inviter and by workspace. limit says which it was, possibleAt when it is possible again, Retry-After in how many seconds.',
    retryAfter: 60,
  },
  'internal-error': {
    status: 500,
    title: 'Something broke here',
    advice:
      'It is not your fault. Send the same request again with the same Idempotency-Key; if it stays, report the requestId.',
  },
  'history-differs-from-log': {
    status: 500,
    title: 'The history is not that of the log',
    advice:
      'A record was made of another event than the log has in its place: the log was restored from an older copy, or changed. Nothing of it is shown. Only an operator can help: GET /health/ready says more.',
  },
  'event-store-unavailable': {
    status: 503,
    title: 'The log cannot be reached',
    advice:
      'Whether anything was done is not known. Send the same request again with the same Idempotency-Key: nothing happens twice.',
    retryAfter: 1,
  },
  'report-not-recorded': {
    status: 503,
    title: 'Not recorded yet',
    advice: 'Others kept writing to the same invitation. Send the same report again: told twice, it counts once.',
    retryAfter: 1,
  },
  'database-unavailable': {
    status: 503,
    title: 'The database cannot be reached',
    advice: 'Send the same request again with the same Idempotency-Key: nothing happens twice.',
    retryAfter: 1,
  },
  'identity-provider-unavailable': {
    status: 503,
    title: 'The identity provider cannot be reached',
    advice: 'The access token could not be checked. Send the same request again.',
    retryAfter: 5,
  },
};
