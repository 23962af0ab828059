import { Module, StandardSchemaSerializerInterceptor, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE, Reflector } from '@nestjs/core';

import { LOG, type Log } from './log.js';
import { ProblemFilter } from './problem.filter.js';
import { validationPipe } from './validation.js';

/** What holds for every route: checked input, answers without extra fields, problems in one shape. */
@Module({})
export class HttpModule {
  static with(log: Log): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      providers: [
        { provide: LOG, useValue: log },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: validationPipe },
        {
          provide: APP_INTERCEPTOR,
          useFactory: (reflector: Reflector) => new StandardSchemaSerializerInterceptor(reflector),
          inject: [Reflector],
        },
      ],
      exports: [LOG],
    };
  }
}
