export const workspace = {
  'newWorkspace.title': 'Create a workspace',
  'newWorkspace.lead': 'A place for you and the people you work with. You can invite them next.',
  'newWorkspace.yourName': 'Your name',
  'newWorkspace.name': 'Name of the workspace',
  'newWorkspace.hint': 'For example, the name of your company or team.',
  'newWorkspace.create': 'Create workspace',
};
