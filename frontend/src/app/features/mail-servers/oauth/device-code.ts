import { Component, computed, inject, input, output, signal, DestroyRef } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import type { DeviceSignIn } from '../../../core/api/models';
import { CopyButton } from '../../../ui/copy/copy-button';

const SECOND = 1_000;

/** A code to type on another device (RFC 8628), with the time that is left for it. */
@Component({
  selector: 'sp-device-code',
  imports: [CopyButton, MatButton, MatIcon, TranslocoPipe],
  template: `
    @if (left() > 0) {
      <ol>
        <li>
          {{ 'oauth.device.open' | transloco }}
          <a [href]="device().verificationUri" target="_blank" rel="noopener noreferrer">{{
            device().verificationUri
          }}</a>
        </li>
        <li>
          {{ 'oauth.device.enter' | transloco }}
          <span class="code"
            ><code>{{ device().userCode }}</code
            ><sp-copy-button [text]="device().userCode" [label]="'oauth.device.copy' | transloco"
          /></span>
        </li>
        <li>{{ 'oauth.device.then' | transloco }}</li>
      </ol>
      <p class="left" role="timer">
        <mat-icon svgIcon="hourglass-top" aria-hidden="true" />{{ 'oauth.device.left' | transloco: { time: time() } }}
      </p>
    } @else {
      <p>{{ 'oauth.device.over' | transloco }}</p>
      <button matButton="filled" type="button" (click)="again.emit()">{{ 'oauth.device.again' | transloco }}</button>
    }
  `,
  styleUrl: './device-code.scss',
})
export class DeviceCode {
  readonly device = input.required<DeviceSignIn>();
  readonly again = output();
  private readonly now = signal(Date.now());
  /** Whole seconds. */
  protected readonly left = computed(() => Math.max(0, Math.ceil((this.device().expiresAt - this.now()) / SECOND)));
  protected readonly time = computed(
    () => `${Math.floor(this.left() / 60)}:${String(this.left() % 60).padStart(2, '0')}`,
  );

  constructor() {
    const timer = setInterval(() => this.now.set(Date.now()), SECOND);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}
