import { Component, computed, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { SessionStore } from '../../core/session/session-store';
import { Page } from '../../ui/page/page';
import { IdentityProviderCard } from './identity-provider-card';
import { NoticeDefaultsCard } from './notice-defaults-card';
import { SecondFactorPolicyCard } from './second-factor-policy-card';

/** What an administrator decides for everybody of the scope: second factors, the own identity provider, who is told what. */
@Component({
  selector: 'sp-sign-in-settings-page',
  imports: [IdentityProviderCard, NoticeDefaultsCard, Page, SecondFactorPolicyCard, TranslocoPipe],
  template: `
    <sp-page [heading]="'nav.signInSettings' | transloco" [lead]="'signInSettings.lead' | transloco">
      <div class="column">
        <sp-second-factor-policy />
        @if (ofTenant()) {
          <sp-identity-provider />
        }
        <sp-notice-defaults />
      </div>
    </sp-page>
  `,
  styles: `
    .column {
      display: flex;
      flex-direction: column;
      gap: 20px;
      max-width: 860px;
    }
  `,
})
export class SignInSettingsPage {
  private readonly session = inject(SessionStore);
  protected readonly ofTenant = computed(() => this.session.is('tenant-administrator'));
}
