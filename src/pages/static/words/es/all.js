import { accept } from './accept.js';
import { history } from './history.js';
import { invite } from './invite.js';
import { operations } from './operations.js';
import { preferences } from './preferences.js';
import { problems } from './problems.js';
import { settings } from './settings.js';
import { shell } from './shell.js';
import { signIn } from './sign-in.js';
import { timeline } from './timeline.js';
import { users } from './users.js';
import { workspace } from './workspace.js';

export const words = {
  ...shell,
  ...problems,
  ...signIn,
  ...workspace,
  ...invite,
  ...users,
  ...accept,
  ...operations,
  ...timeline,
  ...history,
  ...preferences,
  ...settings,
};
