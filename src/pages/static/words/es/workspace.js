/** @type {typeof import('../en/workspace.js').workspace} */
export const workspace = {
  'newWorkspace.title': 'Crear un espacio de trabajo',
  'newWorkspace.lead': 'Un lugar para usted y las personas con las que trabaja. Después puede invitarlas.',
  'newWorkspace.yourName': 'Su nombre',
  'newWorkspace.name': 'Nombre del espacio de trabajo',
  'newWorkspace.hint': 'Por ejemplo, el nombre de su empresa o equipo.',
  'newWorkspace.create': 'Crear espacio de trabajo',
};
