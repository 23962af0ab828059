import { Injectable, computed, inject, signal } from '@angular/core';
import type { DoctorOffer, MailProviderTemplate } from '../../../core/api/models';
import { type ApiProblem, asProblem } from '../../../core/http/api-problem';
import { type JsonObject, at, merged, put, same } from '../../../ui/schema-form/json-value';
import type { JsonSchema } from '../../../ui/schema-form/json-schema';
import type { SecretState } from '../../../ui/secret-field/secret';
import { taken } from '../doctor/offers';
import { type MailServer, MailServerApi, type MailServerIdentity } from '../mail-server-api';
import { MailServersStore } from '../mail-servers-store';
import type { Change } from '../providers/apply-template';
import { ProviderMemory } from '../providers/provider-memory';
import { type Draft, emptyDraft, freeName, inputOf, opened } from './server-draft';
import { followed } from './settings-rules';

/** What the page says after a provider was chosen. */
export interface FilledIn {
  readonly provider: string;
  readonly changes: readonly Change[];
  /** For "undo". */
  readonly before: JsonObject;
}

const NO_DRAFT = emptyDraft('', false);

/** One mail server under edit: what is saved, what is typed, and what is wrong with it. */
@Injectable()
export class EditorStore {
  private readonly api = inject(MailServerApi);
  private readonly page = inject(MailServersStore);
  private readonly memory = computed(() => new ProviderMemory(this.page.providers()));
  private readonly base = signal<Draft>(NO_DRAFT);

  /** As it is saved; null: it is new, or not read yet. */
  readonly saved = signal<MailServer | null>(null);
  /** Saved by somebody else while this page has unsaved changes. */
  readonly overtaken = signal<MailServer | null>(null);
  readonly draft = signal<Draft>(NO_DRAFT);
  readonly secrets = signal<ReadonlyMap<string, SecretState>>(new Map());
  readonly problem = signal<ApiProblem | null>(null);
  readonly filledIn = signal<FilledIn | null>(null);
  readonly saving = signal(false);
  /** Whether every field tells what is wrong, touched or not. */
  readonly strict = signal(false);

  readonly settings = computed(() => this.draft().settings);
  readonly template = computed(() => this.page.template(this.settings()['provider']));
  readonly locked = computed(() => this.saved()?.managed === true);
  readonly dirty = computed(() => !same(this.draft(), this.base()));
  readonly schema = computed<JsonSchema>(() => {
    if (!this.page.form.hasValue()) return {};
    const form = this.page.form.value();
    return this.template()?.kind === 'sandbox' ? form.sandbox : form.outbound;
  });
  /** What the server said about fields of the settings: JSON Pointer within them → sentence. */
  readonly fieldProblems = computed(() => {
    const errors = this.problem()?.facts.errors ?? [];
    const within = errors.filter(({ pointer }) => pointer.startsWith('/settings/'));
    return new Map(within.map(({ pointer, message }) => [pointer.slice('/settings'.length), message] as const));
  });
  /** What the server said about no field that is shown. */
  readonly otherProblems = computed(() => {
    const errors = this.problem()?.facts.errors ?? [];
    return errors.filter(({ pointer }) => pointer !== '/name' && !pointer.startsWith('/settings/'));
  });
  readonly input = computed(() => inputOf(this.draft(), this.schema()));
  readonly signsInWithOAuth = computed(() => at(this.settings(), ['auth', 'kind']) === 'oauth2');

  /** Begins a server that does not exist yet. */
  begin(template: MailProviderTemplate, mailbox: string): void {
    const names = this.page.servers().map(({ name }) => name);
    const draft = emptyDraft(this.nameFor(template), names.length === 0);
    this.saved.set(null);
    this.adopt(draft, new Map());
    const from = template.kind === 'sandbox' ? {} : { from: mailbox };
    this.draft.update((empty) => ({ ...empty, settings: this.memory().choose(from, template.id).settings }));
  }

  async read(id: string): Promise<void> {
    try {
      this.show(await this.api.get(id));
      this.problem.set(null);
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }

  /** Somebody changed something: what is not typed over here is shown at once, else the person is told. */
  async readAgain(): Promise<void> {
    const before = this.saved();
    if (!before || this.saving()) return;
    const now = await this.api.get(before.id).catch(() => null); // Gone: the list says so.
    if (!now || now.revision === this.saved()?.revision) return;
    if (this.dirty()) this.overtaken.set(now);
    else this.show(now);
  }

  show(server: MailServer): void {
    const { draft, secrets } = opened(server);
    this.saved.set(server);
    this.adopt(draft, secrets);
  }

  change(settings: JsonObject): void {
    this.draft.update((draft) => ({ ...draft, settings: followed(draft.settings, settings, this.template()) }));
  }

  describe(change: Partial<MailServerIdentity>): void {
    this.draft.update((draft) => ({ ...draft, ...change }));
  }

  chooseProvider(id: string): void {
    const before = this.settings();
    const { settings, changes } = this.memory().choose(before, id);
    const was = this.template();
    this.draft.update((draft) => ({ ...draft, settings }));
    this.nameAfter(was);
    this.filledIn.set(changes.length > 0 ? { provider: id, changes, before } : null);
    this.problem.set(null);
  }

  undoFilledIn(): void {
    const before = this.filledIn()?.before;
    if (before) this.draft.update((draft) => ({ ...draft, settings: before }));
    this.filledIn.set(null);
  }

  /** Takes what the doctor offers. @returns whether it was about settings */
  take(offer: DoctorOffer): boolean {
    const settings = taken(offer, this.settings());
    if (settings) this.change(settings);
    return settings !== null;
  }

  /** What somebody tried could not be: the fields say why. */
  refused(problem: ApiProblem): void {
    this.problem.set(problem);
    this.strict.set(true);
  }

  discard(): void {
    this.draft.set(this.base());
    this.problem.set(null);
    this.filledIn.set(null);
    this.strict.set(false);
    const theirs = this.overtaken();
    if (theirs) this.show(theirs);
  }

  /** @returns the server as it is saved now; null: it was refused, and `problem` says why */
  async save(): Promise<MailServer | null> {
    return this.attempt(() => {
      const saved = this.saved();
      return saved ? this.api.save(saved.id, saved.revision, this.input()) : this.api.create(this.input());
    });
  }

  /** Mine over theirs: what they changed elsewhere stays. */
  async saveOver(theirs: MailServer): Promise<MailServer | null> {
    this.saved.set(theirs);
    this.draft.set(merged(this.base(), this.draft(), opened(theirs).draft));
    return this.save();
  }

  /** A new server that was called after its provider goes on being so. */
  private nameAfter(was: MailProviderTemplate | null): void {
    const now = this.template();
    const isOurs = this.saved() === null && was !== null && this.draft().name === this.nameFor(was);
    if (isOurs && now) this.describe({ name: this.nameFor(now) });
  }

  private nameFor({ name }: MailProviderTemplate): string {
    const names = this.page.servers().map((server) => server.name);
    return names.length === 0 ? 'DEFAULT' : freeName(name.replace(/ \(.*$/, ''), names);
  }

  private adopt(draft: Draft, secrets: ReadonlyMap<string, SecretState>): void {
    this.base.set(draft);
    this.draft.set(draft);
    this.secrets.set(secrets);
    this.overtaken.set(null);
    this.problem.set(null);
    this.filledIn.set(null);
    this.strict.set(false);
  }

  private async attempt(deed: () => Promise<MailServer>): Promise<MailServer | null> {
    this.saving.set(true);
    this.problem.set(null);
    this.strict.set(true);
    try {
      const server = await deed();
      this.show(server);
      return server;
    } catch (error) {
      this.problem.set(asProblem(error));
      return null;
    } finally {
      this.saving.set(false);
    }
  }

  /** Changes one thing at once; with unsaved changes it is one of them. Throws ApiProblem when it is refused. */
  async alter(change: Partial<MailServerIdentity>): Promise<MailServer | null> {
    const atOnce = !this.dirty();
    this.describe(change);
    if (!atOnce) return null;
    const saved = await this.save();
    const problem = this.problem();
    if (saved || !problem) return saved;
    this.discard();
    throw problem;
  }

  /** For a field that the form shows by itself. */
  set(path: readonly string[], value: unknown): void {
    this.change(put(this.settings(), path, value));
  }
}
