import { useState } from '../library.js';
import { ApiProblem, ask } from './api.js';
import { useTask } from './use-task.js';

/**
 * @typedef {object} Workspace as it is told to those who may change it
 * @property {string} id
 * @property {string} name
 * @property {import('./session.js').Role} role
 * @property {{ enabled: boolean, afterSeconds: number }} reminders
 * @property {{ allowed: readonly string[], denied: readonly string[] }} invitationDomains
 * @property {{ name: string | null, logoUrl: string | null, accentColour: string | null }} brand
 */

/**
 * Saves a part of the settings of a workspace, and has to tell of it meanwhile and after.
 *
 * @param {`/workspaces/${string}`} path
 * @param {() => unknown} changes as the fields say them
 * @param {(workspace: Workspace) => unknown} take puts into the fields what was saved, which may be written otherwise
 */
export function useSaving(path, changes, take) {
  const [isSaved, setSaved] = useState(false);
  const [refusal, setRefusal] = useState(/** @type {ApiProblem | undefined} */ (undefined));
  const touch = () => setSaved(false);
  const { busy, problem, run } = useTask(async () => {
    setSaved(false);
    setRefusal(undefined);
    try {
      await take(await ask(`PATCH ${path}`, { body: changes() }));
      setSaved(true);
    } catch (error) {
      if (error instanceof ApiProblem) setRefusal(error);
      throw error;
    }
  });
  return { busy, problem, refusal, isSaved, touch, save: run };
}

/** @typedef {ReturnType<typeof useSaving>} Saving */
