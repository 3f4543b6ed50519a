import type { Import } from './import-graph.js';
import { COMPOSITION, PACKAGES, PURE, RULES } from './rules.js';

/** Why an import is not as it should be, as a sentence that says what to do; undefined where it is. */
export function violationOf(found: Import): string | undefined {
  const folder = folderOf(found.from);
  if (folder === COMPOSITION) return undefined;
  return found.isPackage ? packageViolation(folder, found) : fileViolation(folder, found);
}

function fileViolation(folder: string, { from, to, isTypeOnly }: Import): string | undefined {
  const rule = RULES[folder];
  if (!rule) return `${from}: ${folder} has no row in test/architecture/rules.ts. Say there what it may import.`;
  if (isIn(folder, to) || rule.uses.some((place) => isIn(place, to))) return undefined;
  const hasTypes = rule.typesOf?.some((place) => isIn(place, to));
  if (hasTypes && isTypeOnly) return undefined;
  if (hasTypes) return `${from} imports ${to}: ${folder} may import types alone from there. Write \`import type\`.`;
  const allowed = [...rule.uses, ...(rule.typesOf ?? []).map((place) => `types of ${place}`)];
  return (
    `${from} imports ${to}: ${folder} may import ${allowed.length > 0 ? allowed.join(', ') : 'its own files only'}, ` +
    `because ${rule.because}. Move what is needed to where both may see it, or hand it in as a parameter.`
  );
}

function packageViolation(folder: string, { from, to }: Import): string | undefined {
  if (PURE.includes(folder)) {
    return `${from} imports ${to}: ${folder} imports no packages. Hand in what it needs with the command.`;
  }
  for (const [name, places] of Object.entries(PACKAGES)) {
    if (isOfPackage(name, to) && !places.some((place) => isIn(place, from))) {
      return `${from} imports ${to}: only ${places.join(', ')} may. Use what these folders offer instead.`;
    }
  }
  return undefined;
}

/** The folder that a row is about: the first under `src`, `src` for the files right in it, or one beside `src`. */
function folderOf(file: string): string {
  const [top = '', second = '', third] = file.split('/');
  return top === 'src' && third !== undefined ? `${top}/${second}` : top;
}

function isIn(place: string, file: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}

function isOfPackage(name: string, imported: string): boolean {
  return name.endsWith('/*') ? imported.startsWith(name.slice(0, -1)) : isIn(name, imported);
}
