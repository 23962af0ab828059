import { Directory1795219200001 } from './1795219200001-directory.js';
import { Queue1795219200002 } from './1795219200002-queue.js';
import { RuleChains1795219200003 } from './1795219200003-rule-chains.js';
import { TelemetryAndAlarms1795219200004 } from './1795219200004-telemetry-and-alarms.js';
import { Mail1795219200005 } from './1795219200005-mail.js';
import { OAuth1795219200006 } from './1795219200006-oauth.js';
import { Audit1795219200007 } from './1795219200007-audit.js';
import { Accounts1795219200008 } from './1795219200008-accounts.js';
import { MailTemplates1795219200009 } from './1795219200009-mail-templates.js';
import { Debug1795219200010 } from './1795219200010-debug.js';
import { TwoFactor1795219200011 } from './1795219200011-two-factor.js';
import { AlarmCommentsAndMutes1795219200012 } from './1795219200012-alarm-comments-and-mutes.js';
import { StraightWay1795219200013 } from './1795219200013-straight-way.js';

/** All migrations in their order. A name ends in a JavaScript timestamp, as TypeORM asks; released ones are frozen. */
export const MIGRATIONS = [
  Directory1795219200001,
  Queue1795219200002,
  RuleChains1795219200003,
  TelemetryAndAlarms1795219200004,
  Mail1795219200005,
  OAuth1795219200006,
  Audit1795219200007,
  Accounts1795219200008,
  MailTemplates1795219200009,
  Debug1795219200010,
  TwoFactor1795219200011,
  AlarmCommentsAndMutes1795219200012,
  StraightWay1795219200013,
];
