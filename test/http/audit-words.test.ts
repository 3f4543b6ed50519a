import fc from 'fast-check';
import t from 'tap';

import { HISTORY_LOCALES, historyLocale, sentence } from '../../src/http/audit/words/words.js';
import { events } from '../domain/support/arbitraries.js';

const ACTOR = { type: 'user', name: 'Olivia' };
const SUBJECT = { name: 'Ana' };
const EN = { locale: 'en', timeZone: 'UTC' } as const;

for (const locale of HISTORY_LOCALES) {
  t.test(`${locale} has whole sentences for everything that happens in a workspace`, async (t) => {
    const lifted = events.address.filter(({ type }) => type === 'SuppressionLifted');
    const any = fc.oneof(events.membership, events.workspace, events.refusal, lifted);
    fc.assert(
      fc.property(any, ({ type, data }) => {
        const words = sentence({ type, data, actor: ACTOR, subject: SUBJECT }, { locale, timeZone: 'UTC' });
        return /(?:Olivia|Ana)/.test(words) && !/undefined|null|NaN|Invalid/.test(words);
      }),
    );
    t.pass();
  });
}

t.test('the service, and those without a name', async (t) => {
  const told = { type: 'UserRemoved', data: {}, actor: { type: 'service', name: null }, subject: null };
  t.equal(sentence(told, EN), 'The service removed Somebody from the workspace.');
  t.equal(sentence(told, { ...EN, locale: 'es' }), 'El servicio eliminó a Alguien del espacio de trabajo.');
});

t.test('what a newer program wrote is told by its type, also if that is odd', async (t) => {
  for (const type of ['UserPromoted', 'constructor', '__proto__']) {
    t.equal(sentence({ type, data: {}, actor: null, subject: null }, EN), `${type} happened.`);
  }
});

t.test('an instant that is none is told as it is', async (t) => {
  const data = { role: 'developer', expiresAt: 'soon' };
  t.equal(
    sentence({ type: 'UserInvited', data, actor: ACTOR, subject: SUBJECT }, EN),
    'Olivia invited Ana as developer, until soon.',
  );
});

t.test('an instant is told by the clock of the zone', async (t) => {
  const data = { role: 'developer', expiresAt: '2026-03-09T01:30:00.000Z' };
  const told = { type: 'UserInvited', data, actor: ACTOR, subject: SUBJECT };
  t.match(sentence(told, EN), /Mar 9, 2026, 1:30\sAM/);
  t.match(sentence(told, { ...EN, timeZone: 'America/Sao_Paulo' }), /Mar 8, 2026, 10:30\sPM/);
  t.match(sentence(told, { locale: 'pt-BR', timeZone: 'America/Sao_Paulo' }), /8 de mar\. de 2026, 22:30/);
});

t.test('an instant is written as it is in the region', async (t) => {
  const data = { role: 'developer', expiresAt: '2026-03-09T01:30:00.000Z' };
  const told = { type: 'UserInvited', data, actor: ACTOR, subject: SUBJECT };
  t.match(sentence(told, { ...EN, region: 'GB' }), /9 Mar 2026, 01:30/);
  t.match(sentence(told, { ...EN, locale: 'pt-BR', region: 'PT' }), /09\/03\/2026, 01:30/);
  t.match(sentence(told, { ...EN, region: 'ZZ' }), /9,? .*2026/);
});

t.test('a mail is told apart from the reminder that follows it', async (t) => {
  const told = (mail?: 'reminder') => {
    const data = { issue: 2, attempt: 3, reply: '250 ok', ...(mail && { mail }) };
    return { type: 'InvitationEmailSent', data, actor: null, subject: SUBJECT };
  };
  for (const [locale, invitation, reminder] of [
    ['en', 'The mail server took mail 2 to Ana', 'The mail server took the reminder of mail 2 to Ana'],
    ['es', 'El servidor aceptó el correo 2 a Ana', 'El servidor aceptó el recordatorio del correo 2 a Ana'],
    ['pt-BR', 'O servidor aceitou o e-mail 2 para Ana', 'O servidor aceitou o lembrete do e-mail 2 para Ana'],
  ] as const) {
    t.equal(sentence(told(), { ...EN, locale }), `${invitation}: 250 ok`);
    t.equal(sentence(told('reminder'), { ...EN, locale }), `${reminder}: 250 ok`);
  }
  const bounced = { ...told('reminder'), type: 'InvitationEmailFailed' };
  t.equal(sentence(bounced, EN), 'The reminder of mail 2 to Ana could not be delivered: 250 ok');
});

t.test('the first language asked for that there is', async (t) => {
  t.strictSame(historyLocale(undefined), { locale: 'en' });
  t.strictSame(historyLocale('de, pt;q=0.9, es;q=0.5'), { locale: 'pt-BR' });
  t.strictSame(historyLocale('ES-419'), { locale: 'es', region: '419' });
  t.strictSame(historyLocale('en-gb-oxendict, en'), { locale: 'en', region: 'GB' });
  t.strictSame(historyLocale('en-Latn, en-GB'), { locale: 'en' });
  t.strictSame(historyLocale(', ;'), { locale: 'en' });
});
