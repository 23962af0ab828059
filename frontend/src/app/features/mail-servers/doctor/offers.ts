import type { DoctorOffer } from '../../../core/api/models';
import { type JsonObject, put } from '../../../ui/schema-form/json-value';

/** The settings with the doctor's offer taken; null: it is not about settings. */
export function taken(offer: DoctorOffer, settings: JsonObject): JsonObject | null {
  switch (offer.kind) {
    case 'switch-transport':
      return put(put(settings, ['transport'], offer.transport), ['auth', 'kind'], 'oauth2');
    case 'use-oauth2':
      return put(settings, ['auth', 'kind'], 'oauth2');
    case 'use-basic':
      return put(settings, ['auth', 'kind'], 'basic');
    case 'set-tls':
      return { ...settings, tls: offer.tls, port: offer.port };
    case 'set-host':
      return { ...settings, host: offer.host };
    case 'set-username':
      return put(settings, ['auth', 'username'], offer.username);
    case 'set-from':
      return { ...settings, from: offer.from };
    case 'set-max-connections':
      return { ...settings, maxConnections: offer.maxConnections };
    case 'renew-consent':
      return null;
  }
}

/** What the button's words fill in; the first two are options of fields, whose own words are shown. */
export function valueOf(offer: DoctorOffer): {
  readonly field?: string;
  readonly value: string;
  readonly more?: string;
} {
  switch (offer.kind) {
    case 'switch-transport':
      return { field: 'transport', value: offer.transport };
    case 'set-tls':
      return { field: 'tls', value: offer.tls, more: `, ${offer.port}` };
    case 'set-host':
      return { value: offer.host };
    case 'set-username':
      return { value: offer.username };
    case 'set-from':
      return { value: offer.from };
    case 'set-max-connections':
      return { value: String(offer.maxConnections) };
    case 'use-oauth2':
    case 'use-basic':
    case 'renew-consent':
      return { value: '' };
  }
}
