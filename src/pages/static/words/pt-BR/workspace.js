/** @type {typeof import('../en/workspace.js').workspace} */
export const workspace = {
  'newWorkspace.title': 'Criar um espaço de trabalho',
  'newWorkspace.lead': 'Um lugar para você e quem trabalha com você. Em seguida, você pode convidar essas pessoas.',
  'newWorkspace.yourName': 'Seu nome',
  'newWorkspace.name': 'Nome do espaço de trabalho',
  'newWorkspace.hint': 'Por exemplo, o nome da sua empresa ou equipe.',
  'newWorkspace.create': 'Criar espaço de trabalho',
};
