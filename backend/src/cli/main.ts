import 'reflect-metadata';

import { writeOpenApi } from './write-openapi.js';

await writeOpenApi();
