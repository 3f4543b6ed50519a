/** Compiles the e-mail templates: `node dist/templates/compile.js [output folder]`. A part of every build and start. */
import { compileTemplates } from './compiler.js';

const [output] = process.argv.slice(2);

await compileTemplates(output === undefined ? {} : { output });
