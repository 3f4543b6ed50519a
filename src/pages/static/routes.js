/**
 * The pages: where each is, and the module that draws it. The server reads this too: it answers these paths, and names
 * in its answer what the module will load.
 */
export const ROUTES = /** @type {const} */ ({
  '/': 'pages/home.js',
  '/sign-in': 'pages/sign-in.js',
  '/accept': 'pages/accept.js',
  '/preferences': 'pages/preferences.js',
  '/operations': 'pages/operations.js',
  '/workspaces/new': 'pages/new-workspace.js',

  '/workspaces/:workspaceId/invite': 'pages/invite.js',
  '/workspaces/:workspaceId/users': 'pages/users.js',
  '/workspaces/:workspaceId/history': 'pages/history.js',
  '/workspaces/:workspaceId/settings': 'pages/settings.js',
});

export const STYLES = [
  'styles/tokens.css',
  'styles/base.css',
  'styles/controls.css',
  'styles/layout.css',
  'styles/invite.css',
  'styles/states.css',
  'styles/users.css',
  'styles/drawer.css',
  'styles/history.css',
  'styles/accept.css',
  'styles/operations.css',
  'styles/preferences.css',
  'styles/settings.css',
];

/**
 * Finds the page of a path.
 *
 * @param {string} path
 * @returns {{ module: string, params: Record<string, string> } | undefined}
 */
export function routeOf(path) {
  const parts = path.split('/');
  for (const [pattern, module] of Object.entries(ROUTES)) {
    const wanted = pattern.split('/');
    /** @type {Record<string, string>} */
    const params = {};
    const fits = wanted.every((part, index) => {
      const given = parts[index];
      if (!part.startsWith(':')) return part === given;
      if (given) params[part.slice(1)] = decodeURIComponent(given);
      return Boolean(given);
    });
    if (fits && wanted.length === parts.length) return { module, params };
  }
  return undefined;
}
