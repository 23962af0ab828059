import { Component, computed, effect, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import type { MailProviderTemplate, OAuthGrant } from '../../../core/api/models';
import { Command } from '../../../ui/code/command';
import { ProblemState } from '../../../ui/state/problem-state';
import { Skeleton } from '../../../ui/state/skeleton';
import { Ago } from '../../../ui/time/ago';
import { DeviceCode } from './device-code';
import { GrantStateTag } from './grant-state-tag';
import { needsPerson } from './grant-looks';
import { HandOverDialog } from './hand-over-dialog';
import { OAuthGrantStore } from './oauth-grant-store';
import { PasteBack } from './paste-back';
import { RefreshTimeline } from './refresh-timeline';

/** Flows that act for the application itself: nobody has to sign in. */
const APP_ONLY: readonly OAuthGrant['flow'][] = ['clientCredentials', 'serviceAccount'];

/** The consent behind a mail server: how it is, how to get one, how long it lasts. */
@Component({
  selector: 'sp-oauth-panel',
  imports: [
    Ago,
    Command,
    DeviceCode,
    GrantStateTag,
    MatButton,
    MatIcon,
    PasteBack,
    ProblemState,
    RefreshTimeline,
    Skeleton,
    TranslocoPipe,
  ],
  providers: [OAuthGrantStore],
  templateUrl: './oauth-panel.html',
  styleUrl: './oauth-panel.scss',
})
export class OAuthPanel {
  readonly serverId = input.required<string>();
  readonly provider = input.required<MailProviderTemplate>();
  /** Unsaved changes: what is asked for would be asked with the saved ones. */
  readonly dirty = input(false);
  /** The person wants to sign in another way. */
  readonly flowWanted = output<OAuthGrant['flow']>();

  private readonly dialog = inject(MatDialog);
  protected readonly store = inject(OAuthGrantStore);
  protected readonly appOnly = computed(() => APP_ONLY.includes(this.store.current()?.flow ?? 'authorizationCode'));
  protected readonly asks = computed(() => {
    const grant = this.store.current();
    return grant !== null && needsPerson(grant.state) && !this.appOnly();
  });
  protected readonly brand = computed(() => {
    const { oauth, name } = this.provider();
    return oauth?.library === 'msal' ? 'Microsoft' : oauth?.library === 'google' ? 'Google' : name;
  });
  protected readonly offersDevice = computed(() => this.provider().oauth?.flows.includes('deviceCode') === true);

  constructor() {
    effect(() => this.store.serverId.set(this.serverId()));
  }

  protected handOver(): void {
    this.dialog.open(HandOverDialog, { data: { serverId: this.serverId() }, width: '680px' });
  }
}
