import { accentOnDark } from '../domain/workspace/accent-colour.js';
import { shownBrand } from '../domain/workspace/brand.js';
import type { WorkspaceState } from '../domain/workspace/workspace.js';
import { cleanName } from '../mail/clean-text.js';
import { type Brand, UNBRANDED } from '../mail/render.js';

/** How the mails of a workspace look. A logo always has a name to stand for it. */
export function brandOf(workspace: WorkspaceState, logoHosts: readonly string[]): Brand {
  if (workspace.status !== 'open' || !workspace.brand) return UNBRANDED;
  const { name, logoUrl, accentColour } = shownBrand(workspace.brand, logoHosts);
  const standIn = logoUrl === undefined ? '' : workspace.name;
  return {
    ...UNBRANDED,
    name: cleanName(name ?? standIn),
    ...(logoUrl !== undefined && { logoUrl }),
    ...(accentColour !== undefined && { accentColour, accentOnDark: accentOnDark(accentColour) }),
  };
}
