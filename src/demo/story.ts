import { Client } from './client.js';
import { Mailbox, tokenIn } from './mailbox.js';

interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: string;
  readonly status: string;
  readonly delivery: { readonly status: string; readonly reply: string | null } | null;
  readonly invitation: { readonly id: string; readonly issue: number } | null;
}

interface Session {
  readonly accessToken: string;
}

interface Created {
  readonly workspace: { readonly id: string };
  readonly invitations: {
    readonly results: readonly { readonly line: number; readonly input: string; readonly outcome: string }[];
  };
}

const PASTED = `Grace Hopper <grace@example.com>; linus@example.com
"Turing, Alan" <alan@example.com>,  mailto:barbara@example.com
• GRACE@EXAMPLE.COM
not an address`;

/** Plays the whole story against a running service and tells it as it goes. */
export async function playStory(baseUrl: string, tell: (line: string) => void): Promise<void> {
  const client = new Client(baseUrl);
  let number = 0;
  const step = (title: string) => tell(`\n${++number}. ${title}`);
  const unique = Date.now().toString(36);
  const at = (name: string) => `${name}.${unique}@example.com`;
  const pasted = PASTED.replace(/(\w+)@example\.com/gi, (_all, name: string) => `${name}.${unique}@example.com`);

  step('Ada signs in with a link from her inbox');
  const ada = new Mailbox(client, at('ada'));
  await client.request('POST', '/v1/sign-in-links', { body: { email: at('ada') } });
  const signIn = await ada.next();
  tell(`   mail: "${signIn.subject}"`);
  const { body: session } = await client.request<Session>('POST', '/v1/sessions', {
    body: { token: tokenIn(signIn, '/sign-in'), name: 'Ada Lovelace' },
  });
  const { accessToken } = session;

  step('She creates a workspace and pastes addresses, as they came out of her mail program');
  tell(pasted.replace(/^/gm, '   | '));
  const created = await client.request<Created>('POST', '/v1/workspaces', {
    accessToken,
    body: { name: 'Analytical Engines', recipients: pasted },
  });
  for (const { line, input, outcome } of created.body.invitations.results) {
    tell(`   line ${line}  ${outcome.padEnd(16)} ${input}`);
  }
  const workspace = `/v1/workspaces/${created.body.workspace.id}`;

  step('Grace opens her mail and accepts');
  const grace = new Mailbox(client, at('grace'));
  const invitation = await grace.next();
  tell(`   mail: "${invitation.subject}"`);
  await client.request('POST', '/v1/invitations/accept', {
    body: { token: tokenIn(invitation, '/accept'), name: 'Grace Hopper' },
  });

  step('The address of Linus was a wrong one; Ada corrects it, which ends the first link');
  const first = await new Mailbox(client, at('linus')).next();
  const users = await client.request<{ items: User[] }>('GET', `${workspace}/users`, {
    accessToken,
    position: created.position,
  });
  const linusRow = users.body.items.find(({ email }) => email === at('linus'));
  await client.request('POST', `${workspace}/invitations/${linusRow?.invitation?.id}/correct-address`, {
    accessToken,
    body: { email: at('torvalds') },
  });
  const second = await new Mailbox(client, at('torvalds')).next();
  tell(`   mail: "${second.subject}"`);
  const refused = await client.request<{ code: string; detail: string }>('POST', '/v1/invitations/accept', {
    body: { token: tokenIn(first, '/accept'), name: 'Linus' },
    allow: [403, 404, 409, 410],
  });
  tell(`   the first link: ${refused.body.code}: ${refused.body.detail}`);
  const joined = await client.request('POST', '/v1/invitations/accept', {
    body: { token: tokenIn(second, '/accept'), name: 'Linus' },
  });
  tell('   the second link: accepted');

  step('Ada withdraws the invitation of Barbara');
  const barbaraRow = users.body.items.find(({ email }) => email === at('barbara'));
  const revoked = await client.request('DELETE', `${workspace}/invitations/${barbaraRow?.invitation?.id}`, {
    accessToken,
  });

  step('She invites one more, as an administrator this time');
  const invited = await client.request<User>('POST', `${workspace}/invitations`, {
    accessToken,
    body: { email: at('joan'), role: 'administrator', locale: 'pt-BR', name: 'Joan Clarke' },
  });
  const joan = await new Mailbox(client, at('joan')).next();
  tell(`   mail: "${joan.subject}"`);

  step('The users tab shows what became of everybody');
  const latest = [joined, revoked, invited]
    .map(({ position }) => position ?? '')
    .sort()
    .at(-1);
  const tab = await client.request<{ items: User[]; counts: Record<string, number> }>(
    'GET',
    `${workspace}/users?status=active,waiting,revoked`,
    {
      accessToken,
      position: latest,
    },
  );
  for (const { name, email, status, role, delivery } of tab.body.items) {
    const mail = delivery ? `mail ${delivery.status}` : '';
    tell(`   ${(name ?? '').padEnd(14)} ${email.padEnd(32)} ${status.padEnd(8)} ${role.padEnd(14)} ${mail}`);
  }
  tell(
    `   ${Object.entries(tab.body.counts)
      .map(([status, people]) => `${status} ${people}`)
      .join(', ')}`,
  );
}
