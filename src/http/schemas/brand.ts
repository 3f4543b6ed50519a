import { Type } from '@fastify/type-provider-typebox';

import { LEAST_CONTRAST } from '../../domain/workspace/accent-colour.js';
import { BRAND_NAME_LENGTH, LOGO_URL_LENGTH } from '../../domain/workspace/brand.js';
import { Line } from './text.js';
import { Closed, nullable } from './types.js';

const BrandName = Line({
  minLength: 1,
  maxLength: BRAND_NAME_LENGTH,
  description: 'Stands above the mail where no logo can be seen.',
  examples: ['Acme'],
});
const LogoUrl = Line({
  maxLength: LOGO_URL_LENGTH,
  description: 'Begins with https:// and a host that the operator allows. Shown 40 pixels high.',
  examples: ['https://logos.example.com/acme.png'],
});
const AccentColour = Line({
  maxLength: 7,
  description: `Of the button and of links, as #rrggbb. White text on it must have a contrast of ${LEAST_CONTRAST}:1 (WCAG AA).`,
  examples: ['#0b6e4f'],
});

/** Null where the service's usual is shown. */
export const Brand = Type.Object(
  { name: nullable(BrandName), logoUrl: nullable(LogoUrl), accentColour: nullable(AccentColour) },
  { description: 'How the workspace looks to those it invites. Null: as the service does.' },
);

/** Null takes something away again. */
export const BrandChanges = Closed(
  {
    name: Type.Optional(nullable(BrandName)),
    logoUrl: Type.Optional(nullable(LogoUrl)),
    accentColour: Type.Optional(nullable(AccentColour)),
  },
  { minProperties: 1 },
);
