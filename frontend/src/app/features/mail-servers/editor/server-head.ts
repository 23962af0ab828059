import { Component, computed, inject, input, output } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import { TranslocoPipe } from '@jsverse/transloco';
import type { MailProviderTemplate } from '../../../core/api/models';
import { fieldId } from '../../../ui/field/field';
import { ManagedTag } from '../../../ui/status/managed-tag';
import { Tag } from '../../../ui/status/tag';
import type { MailServerIdentity } from '../mail-server-api';
import { MailServersStore } from '../mail-servers-store';
import { GrantStateTag } from '../oauth/grant-state-tag';
import { ProviderMark } from '../providers/provider-mark';
import { EditorStore } from './editor-store';

/** Who the server is, how it is, and what can be done with it as a whole. */
@Component({
  selector: 'sp-server-head',
  imports: [
    GrantStateTag,
    ManagedTag,
    MatIcon,
    MatIconButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    MatSlideToggle,
    ProviderMark,
    Tag,
    TranslocoPipe,
  ],
  templateUrl: './server-head.html',
  styleUrl: './server-head.scss',
  host: { class: 'sp-card' },
})
export class ServerHead {
  readonly template = input.required<MailProviderTemplate>();
  /** Whether the providers are shown to choose another one. */
  readonly picking = input(false);
  readonly changeProvider = output();
  readonly altered = output<Partial<MailServerIdentity>>();
  readonly deleted = output();
  protected readonly store = inject(EditorStore);
  private readonly page = inject(MailServersStore);
  protected readonly activeLabel = fieldId();
  protected readonly isSystem = this.page.isSystem;
  protected readonly grantState = computed(() => {
    const id = this.store.saved()?.id;
    return this.page.servers().find((server) => server.id === id)?.grantState ?? null;
  });
}
