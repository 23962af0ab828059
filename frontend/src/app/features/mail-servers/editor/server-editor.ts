import {
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
  untracked,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { Router } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import type { DoctorOffer, MailProviderTemplate, OAuthGrant } from '../../../core/api/models';
import { live } from '../../../core/events/live';
import { SessionStore } from '../../../core/session/session-store';
import { Choice } from '../../../ui/choice/choice';
import { Confirm } from '../../../ui/dialog/confirm';
import { ProblemState } from '../../../ui/state/problem-state';
import { Skeleton } from '../../../ui/state/skeleton';
import { Toasts } from '../../../ui/toast/toasts';
import { DoctorPanel } from '../doctor/doctor-panel';
import type { Patient } from '../doctor/doctor-visit';
import type { MailServer } from '../mail-server-api';
import { MailServersStore } from '../mail-servers-store';
import { OAuthPanel } from '../oauth/oauth-panel';
import { ProviderPicker } from '../providers/provider-picker';
import { TestMailPanel } from '../test-mail/test-mail-panel';
import { type Deleted, DeleteServerDialog } from '../usage/delete-server-dialog';
import { UsagePanel } from '../usage/usage-panel';
import { ConflictDialog, type ConflictChoice } from './conflict-dialog';
import { EditorStore } from './editor-store';
import { FilledInNote } from './filled-in-note';
import { GuidePanel } from './guide-panel';
import { ServerHead } from './server-head';
import { SettingsForm } from './settings-form';

/** The parts beside the form; `settings` is the form itself, where there is no room for both. */
const VIEWS = ['settings', 'guide', 'sign-in', 'doctor', 'test', 'usage'] as const;
type View = (typeof VIEWS)[number];

/** One mail server: its form, and beside it whatever helps to make it work. */
@Component({
  selector: 'sp-server-editor',
  imports: [
    Choice,
    DoctorPanel,
    FilledInNote,
    GuidePanel,
    MatButton,
    MatIcon,
    OAuthPanel,
    ProblemState,
    ProviderPicker,
    ServerHead,
    SettingsForm,
    Skeleton,
    TestMailPanel,
    TranslocoPipe,
    UsagePanel,
  ],
  providers: [EditorStore],
  templateUrl: './server-editor.html',
  styleUrl: './server-editor.scss',
  host: { '(window:beforeunload)': 'warn($event)' },
})
export class ServerEditor {
  /** From the address; absent: a new one. */
  readonly id = input<string>();
  /** From the address of a new one. */
  readonly provider = input<string>();
  /** From the address: which part beside the form is asked for. */
  readonly beside = input<string>();

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly injector = inject(Injector);
  private readonly router = inject(Router);
  private readonly dialog = inject(MatDialog);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  private readonly session = inject(SessionStore);
  protected readonly page = inject(MailServersStore);
  protected readonly store = inject(EditorStore);

  protected readonly picking = signal(false);
  protected readonly isNew = computed(() => this.id() === undefined);
  protected readonly template = this.store.template;
  protected readonly shown = computed(() => this.template() !== null && (this.isNew() || this.store.saved() !== null));
  protected readonly hasBar = computed(() => !this.store.locked() && (this.store.dirty() || this.isNew()));
  protected readonly views = computed(() => VIEWS.filter((view) => this.has(view)));
  /** Where there is room for one alone. */
  private readonly wanted = linkedSignal<View>(() => viewOf(this.beside()) ?? 'settings');
  protected readonly view = computed(() => (this.views().includes(this.wanted()) ? this.wanted() : 'settings'));
  private readonly wantedBeside = linkedSignal<View>(
    () => viewOf(this.beside()) ?? (this.isNew() ? 'guide' : 'doctor'),
  );
  /** Beside the form there is always something. */
  protected readonly sideView = computed<View>(() =>
    this.views().includes(this.wantedBeside()) ? this.wantedBeside() : 'guide',
  );
  protected readonly viewOptions = computed(() =>
    this.views().map((value) => ({ value, label: this.transloco.translate('mailServers.view.' + value) })),
  );
  protected readonly sideOptions = computed(() => this.viewOptions().filter(({ value }) => value !== 'settings'));
  /** What the doctor and the test mail look at: what is typed, saved or not. */
  protected readonly subject = computed<Patient | null>(() => {
    const id = this.store.saved()?.id;
    if (!this.store.dirty() && id !== undefined) return { url: `/api/mail/servers/${id}`, body: {} };
    return {
      url: '/api/mail',
      body: { ...(id === undefined ? {} : { serverId: id }), settings: this.store.input().settings },
    };
  });

  protected readonly patient = computed<Patient | null>(() => {
    const subject = this.subject();
    return subject && { url: subject.url + '/diagnose', body: subject.body };
  });

  constructor() {
    const changed = { isLoading: () => this.store.saving(), reload: () => void this.store.readAgain() };
    live('mail-servers', changed, () => this.id() ?? '');
    effect(() => {
      const id = this.id();
      if (id !== undefined) untracked(() => void this.store.read(id));
    });
    effect(() => {
      const template = this.isNew() && this.page.ready() ? this.page.template(this.provider()) : null;
      if (template) untracked(() => this.store.begin(template, this.session.current()?.user.email ?? ''));
    });
  }

  /** For the guard of the route. */
  async mayLeave(): Promise<boolean> {
    if (!this.store.dirty() || this.store.locked()) return true;
    return this.ask('mailServers.leave');
  }

  protected warn(event: BeforeUnloadEvent): void {
    if (this.store.dirty() && !this.store.locked()) event.preventDefault();
  }

  protected show(view: View): void {
    this.wanted.set(view);
    if (view !== 'settings') this.wantedBeside.set(view);
  }

  protected start(template: MailProviderTemplate): void {
    void this.router.navigate(['/mail-servers/new'], { queryParams: { provider: template.id } });
  }

  protected retry(): void {
    const id = this.id();
    if (id !== undefined) void this.store.read(id);
  }

  protected pick(template: MailProviderTemplate): void {
    this.picking.set(false);
    this.store.chooseProvider(template.id);
    this.wantedBeside.set('guide');
  }

  protected async save(): Promise<void> {
    const wasNew = this.isNew();
    const saved = await this.store.save();
    if (saved) await this.celebrate(saved, wasNew);
    else if (this.store.problem()?.facts.code === 'changed-meanwhile') await this.settleConflict();
    else this.showProblem();
  }

  /** The first field with a problem gets the focus, so that nobody has to look for it. */
  private showProblem(): void {
    this.wanted.set('settings');
    afterNextRender(() => this.host.nativeElement.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), {
      injector: this.injector,
    });
  }

  protected async settleConflict(): Promise<void> {
    await this.store.readAgain();
    const theirs = this.store.overtaken();
    if (!theirs) return;
    const data = { mine: this.store.draft(), theirs, before: this.store.saved() };
    const dialog = this.dialog.open<ConflictDialog, object, ConflictChoice>(ConflictDialog, { data, width: '680px' });
    const choice = await firstValueFrom(dialog.afterClosed());
    if (choice === 'theirs') this.store.show(theirs);
    if (choice === 'mine' && (await this.store.saveOver(theirs))) this.toasts.done(this.text('saved'));
  }

  protected async discard(): Promise<void> {
    if (this.isNew()) await this.router.navigate(['/mail-servers']);
    else if (await this.ask('mailServers.discard')) this.store.discard();
  }

  protected async alter(change: Parameters<EditorStore['alter']>[0]): Promise<void> {
    try {
      if (await this.store.alter(change)) this.toasts.done(this.text('saved'));
    } catch (error) {
      this.toasts.failed(error);
    }
    this.page.list.reload();
  }

  protected async delete(): Promise<void> {
    const server = this.store.saved();
    if (!server) return;
    const others = this.page.servers().filter(({ id }) => id !== server.id);
    const dialog = this.dialog.open<DeleteServerDialog, object, Deleted>(DeleteServerDialog, {
      data: { server, others },
      width: '560px',
    });
    const deleted = await firstValueFrom(dialog.afterClosed());
    if (!deleted) return;
    this.store.discard();
    this.page.remove(server.id);
    await this.router.navigate(['/mail-servers', ...(deleted.replacementId === null ? [] : [deleted.replacementId])]);
  }

  protected take(offer: DoctorOffer): void {
    if (!this.store.take(offer)) this.show('sign-in');
    this.toasts.done(this.text(offer.kind === 'renew-consent' ? 'seeSignIn' : 'taken'));
  }

  protected takeFlow(flow: OAuthGrant['flow']): void {
    this.store.set(['auth', 'flow'], flow);
    this.toasts.done(this.text('taken'));
  }

  private async celebrate(saved: MailServer, wasNew: boolean): Promise<void> {
    this.toasts.done(this.text('saved'));
    this.page.list.reload();
    if (!wasNew) return;
    const beside: View = this.store.signsInWithOAuth() ? 'sign-in' : 'doctor';
    await this.router.navigate(['/mail-servers', saved.id], { replaceUrl: true, queryParams: { beside } });
  }

  private has(view: View): boolean {
    if (view === 'sign-in') return this.store.signsInWithOAuth() && !this.isNew();
    return view !== 'usage' || !this.isNew();
  }

  private ask(key: 'mailServers.leave' | 'mailServers.discard'): Promise<boolean> {
    const text = (part: string): string => this.transloco.translate(key + part);
    return this.confirm.ask({ title: text('.title'), text: text('.text'), action: text('.action') });
  }

  private text(key: 'saved' | 'taken' | 'seeSignIn'): string {
    return this.transloco.translate('mailServers.done.' + key);
  }
}

function viewOf(word: string | undefined): View | undefined {
  return VIEWS.find((view) => view === word);
}
