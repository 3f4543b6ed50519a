import { type Brand, LOCALES, loadTemplates, TEMPLATES } from '../../src/mail/render.js';
import { SAMPLES } from '../../src/operating/mail-samples.js';

const BRAND: Brand = {
  name: 'Northwind Traders',
  logoUrl: 'https://logos.example.com/northwind.png',
  accentColour: '#767676',
  accentOnDark: '#868686',
};

/** A mail as somebody gets it. */
export interface Sample {
  readonly title: string;
  readonly locale: string;
  readonly html: string;
  readonly text: string;
  /** What can be clicked. */
  readonly links: readonly string[];
}

/** Every mail in every language, with a brand of the least contrast and without one. */
export async function renderSamples(compiled: string): Promise<readonly Sample[]> {
  const templates = await loadTemplates(compiled);
  return TEMPLATES.flatMap((template) =>
    LOCALES.flatMap((locale) =>
      [undefined, BRAND].map((brand) => {
        const values = SAMPLES[template];
        return {
          ...templates.render(template, locale, values, brand),
          title: `${template} in ${locale}${brand ? ' with a brand' : ''}`,
          locale,
          links: Object.entries(values).flatMap(([key, value]) => (key.endsWith('Url') ? [String(value)] : [])),
        };
      }),
    ),
  );
}
