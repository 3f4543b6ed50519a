/** How a mail of a workspace looks: what differs from one workspace to the next. */
export interface Brand {
  /** Stands for the logo where that cannot be seen; cleaned already. Empty for none, and then there is no logo either. */
  readonly name: string;
  readonly logoUrl?: string;
  /** Of the button and of links, `#rrggbb`. White text must be readable on it. */
  readonly accentColour: string;
  /** The same in dark mode. Nearly black text must be readable on it. */
  readonly accentOnDark: string;
}

/** A mail of the service itself, or of a workspace that never said how it wants to look. */
export const UNBRANDED: Brand = { name: '', accentColour: '#3346c9', accentOnDark: '#96a5ff' };

const COLOUR = /^#[0-9a-f]{6}$/i;

/**
 * What the placeholders of a brand stand for. A colour ends up in a style sheet, where escaping stops nobody.
 *
 * @throws RangeError for a colour that is none, or a logo that is not fetched by https
 */
export function brandContext({ name, logoUrl = '', accentColour, accentOnDark }: Brand): object {
  for (const colour of [accentColour, accentOnDark]) {
    if (!COLOUR.test(colour)) throw new RangeError('a colour in a mail must look like #3346c9');
  }
  if (logoUrl !== '' && !(URL.canParse(logoUrl) && new URL(logoUrl).protocol === 'https:')) {
    throw new RangeError('the logo in a mail must begin with https:');
  }
  return { brandName: name, logoUrl, accentColour, accentOnDark };
}
