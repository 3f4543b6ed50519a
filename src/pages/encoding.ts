import { preferences } from '../negotiation.js';
import type { Encoding } from './asset-files.js';

/** The smallest form that a client takes. */
export function encodingFor(header: string | undefined): Encoding {
  const taken = preferences(header);
  if (taken.includes('br')) return 'br';
  return taken.includes('gzip') ? 'gzip' : 'identity';
}
