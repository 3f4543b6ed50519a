import t from 'tap';
import { usersTab } from '../../projections/users-tab/projection.js';
import { COMMANDS } from '../../src/operating/run.js';
import { park } from '../../src/projecting/parking.js';
import { PROJECTIONS } from '../../src/projections.js';
import { makeSlot } from '../../src/rebuilding/slot.js';
import { contextOf, openTestCore } from '../support/core.js';
import { connect, createDatabase } from '../support/postgres.js';
import { until } from '../support/until.js';
import { inShell, operate, start } from './operator.js';

// Every command is a process of its own: on a busy machine that takes its time.
t.setTimeout(900_000);

const test = await openTestCore(t, { followers: true });
const { core, url } = test;
const founded = await test.foundWorkspace();
const { workspaceId, ownerId } = founded;
await core.invitations.invite(workspaceId, ownerId, test.invitee('one@example.com'), contextOf(ownerId));
await test.join(founded, 'two@example.com', 'administrator');
await test.caughtUp();

t.test('help says what there is, with examples, and needs no database', async (t) => {
  const general = await operate('postgres://nowhere.invalid/none', '--help');
  t.equal(general.code, 0);
  for (const word of ['projections list', 'projections rebuild NAME', 'events tail', 'Exit codes']) {
    t.match(general.out, word);
  }
  const one = await operate('postgres://nowhere.invalid/none', 'projections', 'rebuild', '--help');
  t.equal(one.code, 0);
  t.match(one.out, '  npx workspace-invitations projections rebuild users-tab --switch\n');
  t.match(one.out, /\nOptions:\n {2}--switch +puts them in place/);
  t.equal((await operate('postgres://nowhere.invalid/none', 'help', 'projections', 'rebuild')).out, one.out);

  const group = await operate('postgres://nowhere.invalid/none', 'projections', '--help');
  t.equal(group.code, 0);
  t.match(group.out, /\n {2}projections log NAME +who did what/);
  t.notMatch(group.out, 'events tail');
  t.match(await operate('postgres://nowhere.invalid/none', 'projections'), { code: 2, out: group.out });
  t.match(await operate('postgres://nowhere.invalid/none', '--version'), { code: 0, out: /^\d+\.\d+\.\d+\n$/ });
});

t.test('every command says what each of its options is for', async (t) => {
  for (const [group, members] of Object.entries(COMMANDS)) {
    for (const [name, { synopsis, options, brief, summary, examples }] of Object.entries(members)) {
      t.ok(brief.length <= 75 && summary.length > 20 && examples.length > 0, `${group} ${name}`);
      for (const [option, { type, value, does }] of Object.entries(options)) {
        t.match(does, /^\w.+\w$/, `${group} ${name} --${option}`);
        t.equal(value !== undefined, type === 'string');
        t.match(synopsis, `--${option}${value ? ` ${value}` : ''}`);
      }
    }
  }
});

t.test('a command line that means nothing is refused, and nothing is done', async (t) => {
  for (const line of [
    [],
    ['projections', 'explode'],
    ['projections', 'rebuild'],
    ['projections', 'list', '--what'],
    ['projections', 'list', 'users-tab'],
    ['projections', 'pause', 'users-tab', '--reason', ' '],
    ['projections', 'switch', 'users-tab', '--back', '--switch-on-difference'],
    ['mail', 'queue', '--limit', 'many'],
    ['mail', 'preview', '--out', 'nowhere', '--accent', 'red'],
    ['events', 'read', '--workspace', 'acme'],
    ['projections', 'drop', 'users-tab', '--yes'],
    ['events', 'read', '--limit', '0'],
    ['events', 'read', '--stream', 'a', '--workspace', 'b'],
  ]) {
    const { code, err } = await operate(url, ...line);
    t.equal(code, 2, line.join(' '));
    if (line.length > 0) t.match(err, /\w/);
  }
  for (const [line, said] of [
    [['projection', 'list'], 'there is no command "projection"; there are: projections, reactor, '],
    [['constructor', 'call'], 'there is no command "constructor"'],
    [['projections', 'toString'], 'there is no command "projections toString"'],
    [['projections', 'lst'], 'there is no command "projections lst"; of projections there are: list, rebuild, '],
    [
      ['projections', 'rebuild', 'users-tab', '--swich'],
      'projections rebuild has no option --swich; it has: --switch, ',
    ],
    [['projections', 'log', 'users-tab', '--limit', '-1'], '--limit takes a value; one that begins with a dash '],
    [['projections', 'drop', 'users-tab', '--yes=1'], '--yes takes no value'],
    [
      ['projections', 'list', 'users-tab'],
      'projections list takes no argument besides its options: projections list\n',
    ],
  ] as const) {
    t.match((await operate(url, ...line)).err, said, line.join(' '));
  }
  const unknown = await operate(url, 'projections', 'verify', 'nothing');
  t.equal(unknown.code, 1);
  const names = PROJECTIONS.map(({ name }) => name);
  t.match(unknown.err, `there is no projection nothing; there are: ${names.join(', ')}\n`);
});

t.test('list shows every projection, for people and for programs', async (t) => {
  const { code, out } = await operate(url, 'projections', 'list');
  t.equal(code, 0);
  t.match(out, /^projection +version +state +of log +behind +position/);
  t.match(out, /\nusers-tab +\d+ +followed +100% +0s +\d{16}\n/);
  const json = await operate(url, 'projections', 'list', '--json');
  const standing = {
    version: usersTab.version,
    followed: true,
    share: 1,
    lagSeconds: 0,
    newerThanLog: false,
    next: null,
    previous: null,
  };
  t.match(
    JSON.parse(json.out),
    PROJECTIONS.map(({ name, version }) => ({ ...standing, name, version })),
  );
});

t.test('the life of a rebuild: built, switched, gone back, dropped', async (t) => {
  const built = await operate(url, 'projections', 'rebuild', 'users-tab');
  t.equal(built.code, 0, built.err);
  t.match(built.out, /\nusers +equal +3 +3 +(\w{32}) +\1\n/);
  t.match(
    built.out,
    /of the log: equal in every row\.\nNothing was switched\. .*"projections switch users-tab"; .*\n$/,
  );
  t.match(built.err, /users-tab {2}\[#{24}\] {2}100% {2}\d+ events, [\d,]+\/s\n/);
  t.match((await operate(url, 'projections', 'list')).out, `version ${usersTab.version}, 100%`);

  const switched = await operate(url, '--json', 'projections', 'switch', 'users-tab');
  t.equal(switched.code, 0, switched.err);
  t.match(JSON.parse(switched.out), { state: 'switched', comparison: { equal: true } });
  t.equal((await operate(url, 'projections', 'switch', 'users-tab', '--back')).code, 0);

  const unconfirmed = await operate(url, 'projections', 'drop', 'users-tab', '--previous');
  t.equal(unconfirmed.code, 2);
  t.match(unconfirmed.err, 'Say --yes');
  t.match((await operate(url, 'projections', 'list', '--json')).out, '"previous":{');
  const dropped = await operate(url, 'projections', 'drop', 'users-tab', '--previous', '--yes');
  t.equal(dropped.code, 0);
  t.match((await operate(url, 'projections', 'list', '--json')).out, '"previous":null');
  t.equal((await operate(url, 'projections', 'drop', 'users-tab', '--previous', '--yes')).code, 1);
});

t.test('verify says what is not as the log has it, and exits with 3', async (t) => {
  const proven = await operate(url, 'projections', 'verify', 'users-tab');
  t.match(proven, { code: 0, out: /\nThe live tables are what the log says\.\n$/ });
  await core.pool.query(`update users_tab.users set role = 'owner' where email = 'one@example.com'`);
  const { code, out } = await operate(url, 'projections', 'verify', 'users-tab');
  t.equal(code, 3);
  t.match(out, /\nusers +DIFFERS +3 +3 /);
  t.match(out, /\n {4}live {"role":"owner"}\n {4}fresh {"role":"developer"}\n/);
  t.match(out, 'NOT equal.');

  const refused = await operate(url, 'projections', 'rebuild', 'users-tab', '--switch', '--json');
  t.equal(refused.code, 3);
  t.match(JSON.parse(refused.out), { error: { code: 'tables-differ', comparison: { equal: false } } });
  const mended = await operate(url, 'projections', 'rebuild', 'users-tab', '--switch-on-difference');
  t.equal(mended.code, 0, mended.err);
  t.equal((await operate(url, 'projections', 'verify', 'users-tab', '--json')).code, 0);
  await operate(url, 'projections', 'drop', 'users-tab', '--previous', '--yes');
});

t.test('a paused projection stands still until it is resumed', async (t) => {
  const why = ['--reason', 'the disk is being replaced', '--by', 'ops@example.com'];
  t.equal((await operate(url, 'projections', 'pause', 'users-tab', ...why)).out, 'users-tab is paused.\n');
  await core.invitations.invite(workspaceId, ownerId, test.invitee('three@example.com'), contextOf(ownerId));
  const follower = test.following.find((each) => each.status().name === 'users-tab');
  await until(() => follower?.status().state === 'paused', 'it is paused');
  const { out: listed } = await operate(url, 'projections', 'list');
  t.match(listed, /\nusers-tab +\d+ +paused +\d/);
  t.match(listed, /\nusers-tab: PAUSED since \d{4}-\S+Z by ops@example\.com: the disk is being replaced\n/);
  t.equal((await core.usersTab.get(workspaceId, test.person('three@example.com'))) ?? null, null);
  t.match(
    (await operate(url, 'projections', 'pause', 'users-tab', '--json')).out,
    '{"state":"paused","changed":false}\n',
  );
  t.match(
    (await operate(url, 'projections', 'pause', 'users-tab')).out,
    /^users-tab has been paused since \S+ by ops@example\.com: the disk is being replaced\n$/,
  );

  t.equal((await operate(url, 'projections', 'resume', 'users-tab')).out, 'users-tab is resumed.\n');
  t.equal((await operate(url, 'projections', 'resume', 'users-tab')).out, 'users-tab was not paused.\n');
  await test.caughtUp();
  t.equal((await core.usersTab.get(workspaceId, test.person('three@example.com')))?.status, 'waiting');
});

t.test('events are read by stream, type and workspace', async (t) => {
  const other = await test.foundWorkspace('other@example.com', 'Other');
  const types = async (...filter: string[]) => {
    const { code, out } = await operate(url, 'events', 'read', '--json', ...filter);
    t.equal(code, 0);
    const lines = out.split('\n').filter((line) => line !== '');
    return lines.map((line) => (JSON.parse(line) as { type: string }).type);
  };
  t.strictSame((await types('--workspace', other.workspaceId)).sort(), ['FounderJoined', 'WorkspaceCreated']);
  t.strictSame(await types('--stream', `account-${ownerId}`), ['AccountRegistered']);
  t.strictSame(await types('--type', 'InvitationAccepted,UserInvited', '--limit', '2'), ['UserInvited', 'UserInvited']);
  t.strictSame(await types('--after', await core.store.head()), []);
  const none = await operate(url, 'events', 'read', '--type', 'UserInvted');
  t.match(none, { code: 0, out: '', err: 'The log holds no such event.\n' });

  const { out } = await operate(url, 'events', 'read', '--type', 'WorkspaceCreated', '--limit', '1');
  t.match(out, /^\d{16} {2}\d{4}-\S+Z {2}WorkspaceCreated {2}workspace-\w{26}@0 {2}user:\w{26} {2}{"name":"Acme"/);
});

t.test('tail prints what comes from now on, until Ctrl-C', async (t) => {
  const before = await core.store.head();
  const tail = start(url, 'events', 'tail', '--type', 'WorkspaceRenamed', '--after', before);
  await core.workspaces.change(workspaceId, ownerId, { name: 'Acme Two' }, contextOf(ownerId));
  await until(() => tail.out().includes('Acme Two'), 'it is printed');
  tail.interrupt();
  const { code, out } = await tail.ended;
  t.equal(code, 0);
  t.equal(out.split('\n').length, 2);
});

t.test('parked events are listed, retried and skipped, and a script can tell how it went', async (t) => {
  const nothing = await operate(url, 'projections', 'retry', 'users-tab');
  t.equal(nothing.code, 1);
  t.match(nothing.err, 'nothing of users-tab is parked');

  // As an older handler would have left it: an event that the one of today has no trouble with.
  const stream = `account-${ownerId}`;
  const { events } = await core.store.readStream(stream);
  await park(core.db, 'users-tab', events.slice(0, 1));
  const listed = await operate(url, 'projections', 'list');
  t.match(listed.out, /\nusers-tab .* 1 event of 1 stream\n/);
  t.match(listed.out, `users-tab: PARKED AccountRegistered, revision 0 of ${stream}, 1 waiting: not tried yet`);
  const verified = await operate(url, 'projections', 'verify', 'users-tab');
  t.match(verified.out, 'Both are without what is parked: 1 event of 1 stream. Retry or skip it, and verify again.\n');
  const retried = await operate(url, 'projections', 'retry', 'users-tab', '--stream', stream, '--json');
  t.strictSame([retried.code, JSON.parse(retried.out)], [0, { state: 'retried', events: 1, failures: [] }]);
  const noted = await operate(url, 'projections', 'log', 'users-tab', '--limit', '1', '--json');
  t.match(JSON.parse(noted.out), [{ act: 'retried', by: String, reason: null, detail: { stream, replayed: 1 } }]);
  const { out: read } = await operate(url, 'projections', 'log', 'users-tab', '--limit', '1');
  t.match(read, new RegExp(`Z {2}retried {2}\\S+ {2}\\(${stream}, 1 event replayed\\)\\n$`));

  await park(core.db, 'users-tab', events.slice(0, 1));
  const skip = ['projections', 'skip', 'users-tab', '--stream', stream];
  t.match(await operate(url, ...skip, '--yes'), { code: 2, err: 'say --stream, and why with --reason\n' });
  t.match(await operate(url, ...skip, '--reason', 'a test'), { code: 2, err: /Say --yes if that is meant/ });
  const skipped = await operate(url, ...skip, '--reason', 'a test', '--by', 'operator@example.com', '--yes');
  t.equal(skipped.code, 0, skipped.err);
  t.match(skipped.out, `Skipped AccountRegistered, revision 0 of ${stream}.\n0 parked events were projected.\n`);
  const after = await operate(url, 'projections', 'list');
  t.match(after.out, /users-tab: skipped AccountRegistered, .* by operator@example\.com: a test\n/);

  const unskip = ['projections', 'unskip', 'users-tab', '--event', String(events[0]?.id)];
  t.match(await operate(url, ...unskip), { code: 2, err: 'say --event, and why with --reason\n' });
  const withdrawn = await operate(url, ...unskip, '--reason', 'it was no test', '--by', 'ops@example.com');
  t.equal(withdrawn.code, 0, withdrawn.err);
  t.match(withdrawn.out, `AccountRegistered, revision 0 of ${stream} is skipped no longer.`);
  const log = await operate(url, 'projections', 'log', 'users-tab', '--limit', '2');
  t.match(
    log.out,
    /Z {2}skip-withdrawn {2}ops@example\.com {2}it was no test {2}\(AccountRegistered, revision 0 of .*, skipped at .* by operator@example\.com: a test\)\n.*Z {2}skipped {2}operator@example\.com {2}a test {2}\(AccountRegistered, revision 0 of .*, 0 events replayed\)\n$/,
  );
});

t.test('what a verify that was killed left behind is shown, and dropped', async (t) => {
  await makeSlot(core.db, usersTab, 'check');
  t.match((await operate(url, 'projections', 'list')).out, /\nusers-tab, check: .* drop it with --check\n/);
  const drop = ['projections', 'drop', 'users-tab', '--check', '--yes'];
  t.equal((await operate(url, ...drop)).code, 0);
  t.notMatch((await operate(url, 'projections', 'list')).out, /check/);
  t.match(await operate(url, ...drop), { code: 1, err: 'there are no check tables of users-tab\n' });
});

t.test('no command brings a database to this release', async (t) => {
  const fresh = await createDatabase(t);
  for (const line of [
    ['projections', 'list'],
    ['reactor', 'status'],
    ['events', 'read'],
    ['mail', 'queue'],
    ['projections', 'pause', 'users-tab'],
    ['mail', 'retry'],
  ]) {
    const looked = await operate(fresh.url, ...line);
    t.equal(looked.code, 1, line.join(' '));
    t.match(looked.err, /^there is no log of this release in the database: .*EVENT_STORE/);
  }
  const client = await connect(t, fresh.url);
  const { rows } = await client.query(`select nspname from pg_namespace where nspname !~ '^pg_'`);
  t.strictSame(rows.map(({ nspname }) => nspname).sort(), ['information_schema', 'public']);
});

t.test('a reader who has had enough ends it quietly', async (t) => {
  const { code, err } = await inShell(url, '"$NODE" "$OPERATE" events read --json | true');
  t.strictSame([code, err], [0, '']);
});

t.test('the program has a name of its own', async (t) => {
  // In a cache of its own: that of the user would remember this folder.
  const line = `npm_config_cache='${t.testdir()}' npx --offline workspace-invitations projections list --json`;
  const { code, out, err } = await inShell(url, line);
  t.equal(code, 0, err);
  t.equal(JSON.parse(out).length, PROJECTIONS.length);
});

t.test('a read model that is newer than the log is told, and not rebuilt', async (t) => {
  await core.pool.query(`update following.checkpoints set position = '0000000000999999' where name = 'users-tab'`);
  t.match((await operate(url, 'projections', 'list')).out, 'NEWER THAN THE LOG');
  const { code, out } = await operate(url, 'projections', 'verify', 'users-tab', '--json');
  t.equal(code, 1);
  t.match(JSON.parse(out), {
    error: { code: 'foreign-position', message: /the log ends at \d+, before 0000000000999999/ },
  });
});
