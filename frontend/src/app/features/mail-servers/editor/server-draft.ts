import type { MailServer, MailServerInput } from '../mail-server-api';
import { type SecretState, isSecretState } from '../../../ui/secret-field/secret';
import type { JsonSchema } from '../../../ui/schema-form/json-schema';
import { type JsonObject, type Path, isObject, pointerOf } from '../../../ui/schema-form/json-value';
import { shownOnly } from '../../../ui/schema-form/form-fields';

/** What a person edits of a mail server: everything that is saved together. */
export interface Draft extends JsonObject {
  readonly name: string;
  readonly description: string;
  readonly default: boolean;
  readonly fallback: boolean;
  readonly active: boolean;
  readonly settings: JsonObject;
}

/** A saved server as a draft: what is stored of secrets is told beside it (JSON Pointer within the settings → state). */
export interface Opened {
  readonly draft: Draft;
  readonly secrets: ReadonlyMap<string, SecretState>;
}

export function opened(server: MailServer): Opened {
  const secrets = new Map<string, SecretState>();
  const settings = kept(server.settings, [], secrets);
  const { name, description, active, fallback } = server;
  return {
    draft: {
      name,
      description,
      active,
      fallback,
      default: server.default,
      settings: isObject(settings) ? settings : {},
    },
    secrets,
  };
}

/** Each secret's state becomes "stays as it is". */
function kept(value: unknown, path: Path, secrets: Map<string, SecretState>): unknown {
  if (isSecretState(value)) {
    secrets.set(pointerOf(path), value);
    return { change: 'keep' };
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, kept(part, [...path, name], secrets)]));
}

/** As the API takes it. */
export function inputOf(draft: Draft, schema: JsonSchema): MailServerInput {
  return {
    ...draft,
    name: draft.name.trim(),
    settings: { ...shownOnly(schema, draft.settings), provider: draft.settings['provider'] },
  };
}

/** Nothing typed yet, of this provider. */
export function emptyDraft(name: string, isFirst: boolean): Draft {
  return { name, description: '', default: isFirst, fallback: false, active: true, settings: {} };
}

/** A name that no other server has. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const numbers = [...taken.keys()].map((index) => `${wanted} ${index + 2}`);
  return [wanted, ...numbers].find((name) => !taken.includes(name)) ?? wanted;
}
