import type { Static } from '@fastify/type-provider-typebox';

import type { WorkspaceBrand } from '../../domain/workspace/brand.js';
import type { Brand } from '../schemas/brand.js';

export function brandView({ name, logoUrl, accentColour }: WorkspaceBrand): Static<typeof Brand> {
  return { name: name ?? null, logoUrl: logoUrl ?? null, accentColour: accentColour ?? null };
}
