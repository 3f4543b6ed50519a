import t from 'tap';

import { en } from '../../src/http/audit/words/en.js';
import { loadStatic } from '../../src/pages/asset-files.js';

interface Groups {
  readonly GROUPS: Readonly<Record<string, readonly string[]>>;
}

interface Names {
  namesIn<P extends { readonly name: string }>(
    sentence: string,
    people: readonly P[],
  ): readonly { readonly text: string; readonly person?: P }[];
}

interface Instants {
  midnightOf(day: string, later?: number): string | undefined;
  aMonthAgo(now: Date): Date;
}

const { GROUPS } = await loadStatic<Groups>('app/history-groups.js');
const { namesIn } = await loadStatic<Names>('app/names-in.js');
const { midnightOf, aMonthAgo } = await loadStatic<Instants>('app/instants.js');

t.test('every type of event of the audit history is in exactly one group', async (t) => {
  const grouped = Object.values(GROUPS).flat();
  t.strictSame([...grouped].sort(), Object.keys(en.sentences).sort());
});

t.test('a sentence is cut where it names people, as words of their own', async (t) => {
  const cut = (sentence: string, ...names: string[]) =>
    namesIn(
      sentence,
      names.map((name) => ({ name })),
    ).map(({ text, person }) => (person ? [person.name] : text));
  t.strictSame(cut('Olivia invited Ana.', 'Ana', 'Olivia'), [['Olivia'], ' invited ', ['Ana'], '.']);
  t.strictSame(cut('Ann left. Anna stays.', 'Anna'), ['Ann left. ', ['Anna'], ' stays.']);
  t.strictSame(cut('Anna invited Ann.', 'Ann', 'Anna'), [['Anna'], ' invited ', ['Ann'], '.']);
  t.strictSame(cut('Zoë (Zoë Ë) left.', 'Zo', 'Zoë Ë'), ['Zoë (', ['Zoë Ë'], ') left.']);
  t.strictSame(cut('$& and (a|b) left.', '(a|b)', 'nobody', ''), ['$& and ', ['(a|b)'], ' left.']);
  t.strictSame(cut('Ana'), ['Ana']);
});

t.test('a day is from midnight to midnight, and the month before has its last day', async (t) => {
  const midnight = (year: number, month: number, day: number) => new Date(year, month - 1, day).toISOString();
  t.equal(midnightOf('2026-03-09'), midnight(2026, 3, 9));
  t.equal(midnightOf('2026-12-31', 1), midnight(2027, 1, 1));
  t.equal(midnightOf(''), undefined);
  t.equal(midnightOf('soon'), undefined);
  t.strictSame(aMonthAgo(new Date(2026, 2, 31, 9)), new Date(2026, 1, 28, 9));
  t.strictSame(aMonthAgo(new Date(2026, 0, 15, 9)), new Date(2025, 11, 15, 9));
});
