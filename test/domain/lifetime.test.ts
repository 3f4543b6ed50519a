import fc from 'fast-check';
import t from 'tap';
import { after, checkLifetime, LIFETIME } from '../../src/domain/lifetime.js';
import { BEGINNING, DAY, HOUR } from './support/people-and-time.js';

t.test('an invitation lives from an hour to 30 days, seven days as a rule', async (t) => {
  t.strictSame(LIFETIME, { shortest: HOUR, usual: 7 * DAY, longest: 30 * DAY });
  for (const seconds of Object.values(LIFETIME)) t.equal(checkLifetime(seconds), seconds);
});

t.test('any other lifetime is refused', async (t) => {
  for (const seconds of [HOUR - 1, 30 * DAY + 1, 0, -DAY, HOUR + 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => checkLifetime(seconds), { code: 'invalid-lifetime' }, String(seconds));
  }
});

t.test('an instant is moved by seconds, across months and leap days', async (t) => {
  t.equal(after(BEGINNING, HOUR), '2030-01-01T01:00:00.000Z');
  t.equal(after('2028-02-28T12:00:00.250Z', 2 * DAY), '2028-03-01T12:00:00.250Z');
});

t.test('instants compare as strings just as they do in time', async () => {
  const instants = fc.date({ min: new Date(BEGINNING), max: new Date('2999-12-31'), noInvalidDate: true });
  const lifetimes = fc.integer({ min: LIFETIME.shortest, max: LIFETIME.longest });
  fc.assert(
    fc.property(instants, instants, lifetimes, (one, other, seconds) => {
      const end = after(one.toISOString(), seconds);
      const expected = other.getTime() >= one.getTime() + seconds * 1000;
      return other.toISOString() >= end === expected;
    }),
  );
});
