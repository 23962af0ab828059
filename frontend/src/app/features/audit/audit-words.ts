import { inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import type { AuditEvent } from '../../core/api/models';

/** The words for one event of the audit log. */
export interface AuditWords {
  /** `Mail server: changed` */
  readonly what: string;
  readonly who: string;
  /** The API token that was used, or what acted without a person. */
  readonly by: string;
}

/** Call it in an injection context. */
export function injectAuditWords(): (event: AuditEvent) => AuditWords {
  const transloco = inject(TranslocoService);
  const text = (key: string, params: Record<string, unknown> = {}): string => transloco.translate(key, params);
  return ({ action, entity, actor }) => {
    const verb = action.slice(action.indexOf('.') + 1);
    return {
      what: `${text('audit.type.' + entity.type)}: ${text('audit.verb.' + verb)}`,
      who: 'email' in actor ? actor.email : text('audit.actor.' + actor.kind),
      by: 'tokenName' in actor ? text('audit.byToken', { name: actor.tokenName }) : '',
    };
  };
}

/** A value of a change as people read it. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
