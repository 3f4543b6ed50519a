import fc from 'fast-check';
import t from 'tap';

import { accentOnDark, checkAccentColour, contrast } from '../../src/domain/workspace/accent-colour.js';

const colours = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

t.test('the contrast of two colours is what WCAG says', async (t) => {
  t.equal(contrast('#000000', '#ffffff'), 21);
  t.equal(contrast('#ffffff', '#ffffff'), 1);
  t.equal(contrast('#767676', '#ffffff').toFixed(2), '4.54');
  t.equal(contrast('#ff0000', '#ffffff').toFixed(2), '4.00');
});

t.test('a colour that white text can be read on is taken, in small letters', async (t) => {
  t.equal(checkAccentColour('#0B6E4F'), '#0b6e4f');
  t.equal(checkAccentColour('#767676'), '#767676');
});

t.test('a colour that is too light is refused with its contrast and a colour that passes', async (t) => {
  t.throws(() => checkAccentColour('#777777'), {
    code: 'invalid-colour',
    message: /a contrast of 4\.47:1, and at least 4\.5:1 can be read; #[0-9a-f]{6} passes/,
  });
});

t.test('the colour that is told to pass does', async (t) => {
  fc.assert(
    fc.property(colours, (colour) => {
      try {
        return checkAccentColour(colour) === colour;
      } catch (error) {
        const [, proposed = ''] = /(#\w+) passes/.exec((error as Error).message) ?? [];
        return checkAccentColour(proposed) === proposed;
      }
    }),
  );
  t.pass();
});

t.test('what is no colour is refused', async (t) => {
  for (const given of ['', 'red', '#123', '#12345g', '#123456;}', '#1234567', 'rgb(0,0,0)', '#123456\n']) {
    t.throws(() => checkAccentColour(given), { code: 'invalid-colour' }, given);
  }
});

t.test('in dark mode any colour can be read, and nearly black text on it', async (t) => {
  fc.assert(
    fc.property(colours, (colour) => {
      const lighter = accentOnDark(colour);
      return contrast(lighter, '#191d24') >= 4.5 && contrast(lighter, '#10131a') >= 4.5;
    }),
  );
  t.pass();
});
