import { Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { InvitationState, User } from '../../core/api/models';
import type { IconName } from '../../ui/icon/icons';
import { Tag, type Tone } from '../../ui/status/tag';
import { Ago } from '../../ui/time/ago';

interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
}

/** How each state of an invitation looks, in the order of its life. */
export const INVITATION_LOOKS: Readonly<Record<InvitationState, Look>> = {
  'not-sent': { tone: 'neutral', icon: 'link' },
  queued: { tone: 'warning', icon: 'hourglass-top' },
  accepted: { tone: 'warning', icon: 'send' },
  refused: { tone: 'critical', icon: 'error-fill' },
  opened: { tone: 'warning', icon: 'mark-email-read' },
  expired: { tone: 'major', icon: 'schedule' },
  activated: { tone: 'positive', icon: 'check-circle-fill' },
};

/** Whether a user can sign in and, until then, what became of the invitation and what to do about it. */
@Component({
  selector: 'sp-invitation-state',
  imports: [Ago, Tag, TranslocoPipe],
  template: `
    @if (!user().active) {
      <sp-tag icon="block">{{ 'users.disabled' | transloco }}</sp-tag>
    } @else if (user().lockedUntil; as until) {
      <sp-tag tone="major" icon="lock">{{ 'users.locked' | transloco }}</sp-tag>
      <div class="sp-second">{{ 'users.lockedUntil' | transloco }} <sp-ago [at]="until" /></div>
    } @else {
      <sp-tag [tone]="look().tone" [icon]="look().icon">
        {{ 'invitationState.' + invitation().state | transloco }}
      </sp-tag>
      @if (said(); as said) {
        <div class="sp-second said">{{ said }}</div>
      }
      @if (invitation().state === 'activated') {
        <div class="sp-second">
          @if (user().lastSignInAt; as at) {
            {{ 'users.lastSignIn' | transloco }} <sp-ago [at]="at" />
          } @else {
            {{ 'users.neverSignedIn' | transloco }}
          }
        </div>
      } @else if (invitation().expiresAt; as end) {
        <div class="sp-second">{{ 'users.linkEnds' | transloco }} <sp-ago [at]="end" /></div>
      }
    }
  `,
  styles: `
    .said {
      max-width: 44ch;
      overflow-wrap: anywhere;
    }
  `,
})
export class InvitationStateTag {
  readonly user = input.required<User>();
  protected readonly invitation = computed(() => this.user().invitation);
  /** The mail server's words, and what to do about a refusal; once the person is in, they are of no interest. */
  protected readonly said = computed(() => {
    const { state, reply, advice } = this.invitation();
    return state === 'activated' ? '' : [reply, advice].filter(Boolean).join(' ');
  });
  protected readonly look = computed(() => INVITATION_LOOKS[this.invitation().state]);
}
