import t from 'tap';
import { LIFETIME } from '../../src/domain/lifetime.js';
import { USUAL_REMINDERS } from '../../src/domain/reminders.js';
import type { Role } from '../../src/domain/role.js';
import type { BrandChanges, WorkspaceBrand } from '../../src/domain/workspace/brand.js';
import type { WorkspaceEvent } from '../../src/domain/workspace/events.js';
import {
  EVERY_DOMAIN,
  type InvitationDomainsChanges,
  MOST_DOMAINS,
} from '../../src/domain/workspace/invitation-domains.js';
import {
  type RemindersChange,
  WORKSPACE_NAME_LENGTH,
  type WorkspaceCommand,
  type WorkspaceState,
  workspace,
} from '../../src/domain/workspace/workspace.js';
import { type Column, checkTable, type Rows } from './support/decision-table.js';
import { POWERLESS } from './support/membership-commands.js';
import { ADMINISTRATOR, DAY, HOUR, hour, OWNER, STRANGER } from './support/people-and-time.js';
import { specsOf } from './support/spec.js';

type CommandOf<Type extends WorkspaceCommand['type']> = Extract<WorkspaceCommand, { type: Type }>;

const given = specsOf(workspace);

const created: WorkspaceEvent = { type: 'WorkspaceCreated', data: { name: 'Design', ownerId: OWNER.userId } };
const renamed: WorkspaceEvent = { type: 'WorkspaceRenamed', data: { name: 'Research', previousName: 'Design' } };
const longestName = '🦉'.repeat(WORKSPACE_NAME_LENGTH);

function lifetimeChanged(seconds: number): WorkspaceEvent {
  return { type: 'InvitationLifetimeChanged', data: { seconds } };
}

function transferred(from: string, to: string): WorkspaceEvent {
  return { type: 'OwnershipTransferred', data: { from, to } };
}

function create(name = 'Design'): CommandOf<'CreateWorkspace'> {
  return { type: 'CreateWorkspace', name, ownerId: OWNER.userId };
}

function rename(name: string, actorRole: Role | undefined = 'owner'): CommandOf<'RenameWorkspace'> {
  return { type: 'RenameWorkspace', name, actorRole };
}

function changeLifetime(seconds: number, actorRole: Role | undefined = 'owner'): CommandOf<'ChangeInvitationLifetime'> {
  return { type: 'ChangeInvitationLifetime', seconds, actorRole };
}

function changeReminders(
  reminders: RemindersChange,
  actorRole: Role | undefined = 'owner',
): CommandOf<'ChangeReminders'> {
  return { type: 'ChangeReminders', reminders, actorRole };
}

function remindersChanged(isOn: boolean, afterSeconds = 3 * DAY): WorkspaceEvent {
  return { type: 'InvitationRemindersChanged', data: { isOn, afterSeconds } };
}

function changeDomains(
  changes: InvitationDomainsChanges,
  actorRole: Role | undefined = 'owner',
): CommandOf<'ChangeInvitationDomains'> {
  return { type: 'ChangeInvitationDomains', changes, actorRole };
}

function domainsChanged(allowed: readonly string[], denied: readonly string[]): WorkspaceEvent {
  return { type: 'InvitationDomainsChanged', data: { allowed, denied } };
}

function changeBrand(changes: BrandChanges, actorRole: Role | undefined = 'owner'): CommandOf<'ChangeBrand'> {
  return { type: 'ChangeBrand', changes, logoHosts: ['logos.example.com', 'cdn.example.com:8443'], actorRole };
}

function branded(data: WorkspaceBrand): WorkspaceEvent {
  return { type: 'WorkspaceBrandChanged', data };
}

function transfer(from: string, to: string, ordinal = 1): CommandOf<'TransferOwnership'> {
  return { type: 'TransferOwnership', from, to, ordinal };
}

t.test('creating', async (t) => {
  t.test('a new workspace belongs to whoever creates it', given().when(create()).then(created));
  t.test('one that is there stays as it is', given(created, renamed).when(create()).thenNothing());
  t.test('a name loses the spaces around it', given().when(create('  Design\n')).then(created));
  t.test('a name is not only spaces', given().when(create(' \t ')).thenRefused('invalid-name'));
  t.test(
    'the longest name is counted in characters, not in UTF-16 units',
    given()
      .when(create(longestName))
      .then({ type: 'WorkspaceCreated', data: { name: longestName, ownerId: OWNER.userId } }),
  );
  t.test(
    'a name of one character more is too long',
    given()
      .when(create(`${longestName}!`))
      .thenRefused('invalid-name'),
  );
});

t.test('renaming', async (t) => {
  t.test('the owner renames it', given(created).when(rename('Research')).then(renamed));
  t.test('an administrator renames it', given(created).when(rename('Research', 'administrator')).then(renamed));
  t.test('the same name is no change', given(created).when(rename(' Design ')).thenNothing());
  t.test('it cannot lose its name', given(created).when(rename('')).thenRefused('invalid-name'));
  t.test('what is not there has no name', given().when(rename('Research')).thenRefused('workspace-not-found'));
  for (const role of POWERLESS) {
    t.test(
      `${role ?? 'somebody outside'} cannot`,
      given(created).when({ type: 'RenameWorkspace', name: 'Research', actorRole: role }).thenRefused('not-allowed'),
    );
  }
});

t.test('how long invitations live', async (t) => {
  t.test('the owner decides it', given(created).when(changeLifetime(DAY)).then(lifetimeChanged(DAY)));
  t.test('an administrator too', given(created).when(changeLifetime(DAY, 'administrator')).then(lifetimeChanged(DAY)));
  t.test(
    'seven days is what it is already',
    given(created)
      .when(changeLifetime(7 * DAY))
      .thenNothing(),
  );
  t.test(
    'what was settled last is what it is already',
    given(created, lifetimeChanged(DAY), lifetimeChanged(HOUR)).when(changeLifetime(HOUR)).thenNothing(),
  );
  t.test(
    'under an hour is too short',
    given(created)
      .when(changeLifetime(HOUR - 1))
      .thenRefused('invalid-lifetime'),
  );
  t.test('nobody decides it of nothing', given().when(changeLifetime(DAY)).thenRefused('workspace-not-found'));
  for (const role of POWERLESS) {
    t.test(
      `${role ?? 'somebody outside'} does not`,
      given(created)
        .when({ type: 'ChangeInvitationLifetime', seconds: DAY, actorRole: role })
        .thenRefused('not-allowed'),
    );
  }
});

t.test('reminders', async (t) => {
  t.test(
    'the owner turns them off',
    given(created)
      .when(changeReminders({ isOn: false }))
      .then(remindersChanged(false)),
  );
  t.test(
    'an administrator lets them come later',
    given(created)
      .when(changeReminders({ isOn: true, afterSeconds: 5 * DAY }, 'administrator'))
      .then(remindersChanged(true, 5 * DAY)),
  );
  t.test(
    'turned on again, they come as late as they did',
    given(created, remindersChanged(true, 5 * DAY), remindersChanged(false, 5 * DAY))
      .when(changeReminders({ isOn: true }))
      .then(remindersChanged(true, 5 * DAY)),
  );
  t.test(
    'on, and three days after the invitation, is how they are already',
    given(created)
      .when(changeReminders({ isOn: true, afterSeconds: 3 * DAY }))
      .thenNothing(),
  );
  for (const afterSeconds of [DAY - 1, 29 * DAY + 1, 1.5 * DAY + 0.5]) {
    t.test(
      `they cannot come after ${afterSeconds} seconds`,
      given(created)
        .when(changeReminders({ isOn: true, afterSeconds }))
        .thenRefused('invalid-reminders'),
    );
  }
  for (const role of POWERLESS) {
    t.test(
      `${role ?? 'somebody outside'} does not decide about them`,
      given(created)
        .when({ type: 'ChangeReminders', reminders: { isOn: false }, actorRole: role })
        .thenRefused('not-allowed'),
    );
  }
});

t.test('transferring the ownership', async (t) => {
  const owner = OWNER.userId;
  const heir = ADMINISTRATOR.userId;
  t.test('the owner hands it over', given(created).when(transfer(owner, heir)).then(transferred(owner, heir)));
  t.test('done is done', given(created, transferred(owner, heir)).when(transfer(owner, heir)).thenNothing());
  t.test('nobody else can', given(created).when(transfer(STRANGER.userId, heir)).thenRefused('owner-required'));
  t.test(
    'who was the owner once can no more',
    given(created, transferred(owner, heir))
      .when(transfer(owner, STRANGER.userId, 2))
      .thenRefused('owner-required'),
  );
  t.test(
    'the new owner can hand it back',
    given(created, transferred(owner, heir))
      .when(transfer(heir, owner, 2))
      .then(transferred(heir, owner)),
  );
  t.test(
    'a step of a transfer that others overtook comes too late, also when the owner is the same again',
    given(created, transferred(owner, heir), transferred(heir, owner))
      .when(transfer(owner, STRANGER.userId, 1))
      .thenRefused('owner-required'),
  );
  t.test('there is nothing to hand over yet', given().when(transfer(owner, heir)).thenRefused('workspace-not-found'));
});

t.test('what its history adds up to', async (t) => {
  t.test(
    'name, owner, lifetime and the number of transfers',
    given(created, renamed, lifetimeChanged(DAY), transferred(OWNER.userId, ADMINISTRATOR.userId)).thenIs({
      status: 'open',
      name: 'Research',
      ownerId: ADMINISTRATOR.userId,
      transfers: 1,
      lifetimeSeconds: DAY,
      reminders: USUAL_REMINDERS,
      domains: EVERY_DOMAIN,
    }),
  );
  t.test(
    'it is created once, with the usual lifetime',
    given(created, { type: 'WorkspaceCreated', data: { name: 'Other', ownerId: STRANGER.userId } }).thenIs({
      status: 'open',
      name: 'Design',
      ownerId: OWNER.userId,
      transfers: 0,
      lifetimeSeconds: LIFETIME.usual,
      reminders: USUAL_REMINDERS,
      domains: EVERY_DOMAIN,
    }),
  );
  t.test('nothing comes of nothing', given(renamed, lifetimeChanged(DAY)).thenIs({ status: 'none' }));
});

t.test('the brand', async (t) => {
  const whole = { name: 'Acme', logoUrl: 'https://logos.example.com/acme.png', accentColour: '#0b6e4f' };
  t.test(
    'the owner gives the workspace a name, a logo and a colour',
    given(created)
      .when(changeBrand({ ...whole, name: ' Acme ', accentColour: '#0B6E4F' }))
      .then(branded(whole)),
  );
  t.test(
    'what is left out stays, and null takes away',
    given(created, branded(whole))
      .when(changeBrand({ name: 'Other', logoUrl: null }))
      .then(branded({ name: 'Other', accentColour: '#0b6e4f' })),
  );
  t.test('the same is no change', given(created, branded(whole)).when(changeBrand(whole)).thenNothing());
  t.test(
    'without a brand, none can be taken away',
    given(created)
      .when(changeBrand({ name: null }))
      .thenNothing(),
  );
  t.test(
    'all of it can go',
    given(created, branded(whole))
      .when(changeBrand({ name: null, logoUrl: null, accentColour: null }))
      .then(branded({})),
  );
  t.test(
    'a logo may come from a port that is named',
    given(created)
      .when(changeBrand({ logoUrl: 'https://CDN.example.com:8443/a.png' }))
      .then(branded({ logoUrl: 'https://cdn.example.com:8443/a.png' })),
  );
  for (const logoUrl of [
    'http://logos.example.com/a.png',
    'https://logos.example.com:8443/a.png',
    'https://evil.example.com/a.png',
    'https://logos.example.com.evil.example/a.png',
    'https://logos.example.com@evil.example.com/a.png',
    'https://user:secret@logos.example.com/a.png',
    'javascript:alert(1)',
    `https://logos.example.com/${'a'.repeat(500)}`,
    '',
  ]) {
    t.test(
      `no logo is ${logoUrl.slice(0, 60)}`,
      given(created).when(changeBrand({ logoUrl })).thenRefused('invalid-logo'),
    );
  }
  t.test(
    'no colour is too light',
    given(created)
      .when(changeBrand({ accentColour: '#ffcc00' }))
      .thenRefused('invalid-colour'),
  );
  t.test(
    'no name is empty',
    given(created)
      .when(changeBrand({ name: ' ' }))
      .thenRefused('invalid-name'),
  );
  for (const role of POWERLESS) {
    t.test(
      `${role ?? 'somebody outside'} cannot`,
      given(created)
        .when({ ...changeBrand(whole), actorRole: role })
        .thenRefused('not-allowed'),
    );
  }
});

t.test('the domains it invites', async (t) => {
  t.test(
    'what is left out of a change stays',
    given(created, domainsChanged(['example.com'], []))
      .when(changeDomains({ denied: ['*.example.com'] }))
      .then(domainsChanged(['example.com'], ['*.example.com'])),
  );
  t.test(
    'an empty list takes away what stood there',
    given(created, domainsChanged(['example.com'], ['example.org']))
      .when(changeDomains({ allowed: [] }))
      .then(domainsChanged([], ['example.org'])),
  );
  t.test(
    'a domain that is listed twice is one',
    given(created)
      .when(changeDomains({ allowed: ['example.com', 'example.com'] }))
      .then(domainsChanged(['example.com'], [])),
  );
  t.test(
    'the same lists again are nothing new',
    given(created, domainsChanged(['example.com'], []))
      .when(changeDomains({ allowed: ['example.com'], denied: [] }))
      .thenNothing(),
  );
  const many = Array.from({ length: MOST_DOMAINS }, (_, index) => `d${index}.example.com`);
  t.test(
    'as many as there may be',
    given(created)
      .when(changeDomains({ denied: many }))
      .then(domainsChanged([], many)),
  );
  t.test(
    'one more is too many',
    given(created, domainsChanged(['example.org'], []))
      .when(changeDomains({ denied: many }))
      .thenRefused('invalid-domain'),
  );
  for (const role of POWERLESS) {
    t.test(
      `${role ?? 'somebody outside'} cannot change them`,
      given(created)
        .when({ ...changeDomains({ allowed: ['example.com'] }), actorRole: role })
        .thenRefused('not-allowed'),
    );
  }
});

t.test('every command in every state of a workspace', async (t) => {
  type Columns = WorkspaceState['status'];
  const columns: Record<Columns, Column<WorkspaceEvent, Columns>> = {
    none: { history: [], status: 'none', now: hour(1) },
    open: { history: [created], status: 'open', now: hour(1) },
  };

  const rows: Rows<WorkspaceCommand, Columns, WorkspaceEvent> = {
    CreateWorkspace: {
      command: () => create(),
      leadsTo: { none: ['WorkspaceCreated'], open: [] },
    },
    RenameWorkspace: {
      command: () => rename('Research'),
      leadsTo: { none: 'workspace-not-found', open: ['WorkspaceRenamed'] },
    },
    ChangeBrand: {
      command: () => changeBrand({ name: 'Research' }),
      leadsTo: { none: 'workspace-not-found', open: ['WorkspaceBrandChanged'] },
    },
    ChangeInvitationLifetime: {
      command: () => changeLifetime(DAY),
      leadsTo: { none: 'workspace-not-found', open: ['InvitationLifetimeChanged'] },
    },
    ChangeReminders: {
      command: () => changeReminders({ isOn: false }),
      leadsTo: { none: 'workspace-not-found', open: ['InvitationRemindersChanged'] },
    },
    ChangeInvitationDomains: {
      command: () => changeDomains({ allowed: ['example.com'] }),
      leadsTo: { none: 'workspace-not-found', open: ['InvitationDomainsChanged'] },
    },
    TransferOwnership: {
      command: () => transfer(OWNER.userId, ADMINISTRATOR.userId),
      leadsTo: { none: 'workspace-not-found', open: ['OwnershipTransferred'] },
    },
  };

  checkTable(t, workspace, columns, rows);
});
