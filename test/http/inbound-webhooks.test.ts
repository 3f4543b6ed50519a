import t from 'tap';

import type { DeliveryReports } from '../../src/commands/delivery-reports.js';
import { attemptId, membershipStream } from '../../src/domain/streams.js';
import { StreamConflict } from '../../src/event-store/event-store.js';
import { createChannels } from '../../src/inbound/channels.js';
import { snsMessage, TOPIC } from '../inbound/sns.js';
import { CERTIFICATE } from '../inbound/sns-certificate.js';
import { contextOf } from '../support/core.js';
import { anyMail } from '../support/mail-content.js';
import { appOn, NO_LIMITS, openTestApi, wordsFor } from './support/api.js';

const channels = createChannels(
  { sesTopics: [TOPIC], postmarkCredentials: 'postmark:a long password' },
  () => false,
  async () => CERTIFICATE,
);
const api = await openTestApi(t, {
  replace: () => ({ channels }),
  config: { rateLimits: { ...NO_LIMITS, failedAuthentication: { max: 3, seconds: 60 } } },
});
const { call, core, eventTypes } = api;
const owner = await api.signIn('olivia@example.com', 'Olivia Owner');
const workspaceId = await api.createWorkspace(owner);

t.test('a complaint by webhook reaches the log, whatever type its body says it has', async (t) => {
  const user = await api.invite(owner, workspaceId, 'ana@example.com');
  const link = { invitationId: user.invitation.id as string, issue: 1 };
  await core.emails.begin(link, '<1@example.com>', anyMail, contextOf(owner.id));
  const complaint = { complainedRecipients: [{ emailAddress: 'ana@example.com' }], feedbackId: 'f' };
  const mail = { headers: [{ name: 'X-Attempt-Id', value: attemptId({ ...link, attempt: 1 }) }] };
  const body = snsMessage({ Message: JSON.stringify({ notificationType: 'Complaint', complaint, mail }) });
  for (const type of ['text/plain; charset=UTF-8', 'application/json']) {
    const { status, body: told } = await call('POST /v1/inbound/ses', { body, headers: { 'content-type': type } });
    t.match({ status, told }, { status: 200, told: { recorded: 1, unmatched: 0 } });
  }
  const types = await eventTypes(membershipStream({ workspaceId, userId: user.id }));
  t.strictSame(types, ['UserInvited', 'InvitationEmailAttempted', 'InvitationEmailBounced']);
  t.strictSame(await eventTypes(`address-${user.id}`), ['AddressSuppressed']);
});

t.test('whoever keeps guessing is refused for a while', async (t) => {
  const guess = () => call('POST /v1/inbound/postmark', { body: {}, from: '192.0.2.7' });
  const statuses = [];
  for (let i = 0; i < 5; i++) statuses.push((await guess()).status);
  t.strictSame(statuses, [403, 403, 403, 429, 429]);
});

t.test('who reports is asked to send again what lost every race, as a server that failed asks', async (t) => {
  const recordAll = async () => {
    throw new StreamConflict('membership-x.y', 0, 7);
  };
  const busy = await appOn(api, api.tokenKeys, {
    replace: () => ({ channels, deliveryReports: { recordAll } as unknown as DeliveryReports }),
  });
  t.teardown(() => busy.close());
  const { status, body, headers } = await wordsFor(busy, api).call('POST /v1/inbound/postmark', {
    body: { RecordType: 'Bounce', Type: 'HardBounce', ID: 1 },
    headers: { authorization: `Basic ${Buffer.from('postmark:a long password').toString('base64')}` },
  });
  t.match([status, body, headers['retry-after']], [503, { code: 'report-not-recorded' }, '1']);
});

t.test('what is not JSON is malformed', async (t) => {
  const headers = { authorization: `Basic ${Buffer.from('postmark:a long password').toString('base64')}` };
  const { status, body } = await call('POST /v1/inbound/postmark', { body: Buffer.from('{'), headers });
  t.match({ status, body }, { status: 400, body: { code: 'malformed-report' } });
});
