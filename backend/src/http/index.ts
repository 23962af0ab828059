export { Answers, AnswersNothing } from './answers.js';
export { createFastify, equipFastify } from './fastify.js';
export { serveFrontend } from './frontend-files.js';
export { HttpModule } from './http.module.js';
export { readPage, type Keyset } from './keyset.js';
export { createLog, LOG, nestLogger, type Log } from './log.js';
export { ProblemError, type ProblemDetails } from './problem-error.js';
export { ProblemFilter, sendProblem, toProblemError } from './problem.filter.js';
export { validationPipe, validationProblem } from './validation.js';
