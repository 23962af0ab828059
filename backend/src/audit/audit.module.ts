import { Module } from '@nestjs/common';

import { AuditLog } from './audit-log.js';
import { AuditController } from './audit.controller.js';

/** For reading; whoever writes calls `Audit.record`. */
@Module({ controllers: [AuditController], providers: [AuditLog] })
export class AuditModule {}
