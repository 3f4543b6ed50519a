import { DomainError } from '../domain-error.js';

/** `#rrggbb`, in small letters. */
export type Colour = string;

/** Of text on a button and of a link in text: WCAG 2.2, success criterion 1.4.3. */
export const LEAST_CONTRAST = 4.5;

const WHITE: Colour = '#ffffff';
const BLACK: Colour = '#000000';
/** What mails in dark mode are written on. */
const DARK: Colour = '#191d24';

/** More than must be: on a dark page, what can just be read looks faint. */
const CONTRAST_ON_DARK = 7;

/** In steps of this share a colour is mixed with black or white until its contrast is enough. */
const STEP = 0.05;

/**
 * The colour in small letters.
 *
 * @throws DomainError `invalid-colour` unless it is one on which white text can be read
 */
export function checkAccentColour(given: string): Colour {
  const colour = given.toLowerCase();
  if (!/^#[0-9a-f]{6}$/.test(colour)) {
    throw new DomainError('invalid-colour', 'Give the colour as # and six digits of 0-9 and a-f, such as #3346c9.');
  }
  const ratio = contrast(colour, WHITE);
  if (ratio < LEAST_CONTRAST) {
    // Cut, not rounded: 4.49 must not be told as 4.5.
    const told = (Math.floor(ratio * 100) / 100).toFixed(2);
    const readable = mixedUntil(LEAST_CONTRAST, colour, BLACK, WHITE);
    throw new DomainError(
      'invalid-colour',
      `White text on ${colour} has a contrast of ${told}:1, and at least ${LEAST_CONTRAST}:1 can be read; ${readable} passes.`,
      { contrast: told, leastContrast: String(LEAST_CONTRAST), passingColour: readable },
    );
  }
  return colour;
}

/** The same colour as light as it must be to be read in dark mode. */
export function accentOnDark(colour: Colour): Colour {
  return mixedUntil(CONTRAST_ON_DARK, colour, WHITE, DARK);
}

/** The contrast of two colours, from 1 to 21: WCAG 2.2, "contrast ratio". */
export function contrast(one: Colour, other: Colour): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function mixedUntil(least: number, colour: Colour, added: Colour, background: Colour): Colour {
  for (let share = 0; share < 1; share += STEP) {
    const candidate = mix(colour, added, share);
    if (contrast(candidate, background) >= least) return candidate;
  }
  return added;
}

function mix(colour: Colour, added: Colour, share: number): Colour {
  const others = channels(added);
  const mixed = channels(colour).map((channel, index) => channel * (1 - share) + (others[index] ?? 0) * share);
  return `#${mixed.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;
}

/** WCAG 2.2, "relative luminance". */
function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: Colour): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
