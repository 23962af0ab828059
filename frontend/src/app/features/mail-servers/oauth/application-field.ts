import { Component, computed, effect, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import type { MailProviderTemplate, OAuthApplication } from '../../../core/api/models';
import { MailServersStore } from '../mail-servers-store';
import { type ApplicationData, ApplicationDialog } from './application-dialog';

/** Who Signalpost is at the provider: one of the applications that are known for it, or a new one. */
@Component({
  selector: 'sp-application-field',
  imports: [MatButton, MatIcon, TranslocoPipe],
  template: `
    @if (applications().length > 0) {
      <select
        #box
        class="sp-input"
        [id]="controlId()"
        [attr.aria-describedby]="describedBy()"
        [disabled]="readonly()"
        (change)="changed.emit(box.value === '' ? undefined : box.value)"
      >
        <option value="" [selected]="!chosen()">{{ 'applications.choose' | transloco }}</option>
        @for (application of applications(); track application.id) {
          <option [value]="application.id" [selected]="application.id === value()">
            {{ application.name
            }}{{
              application.scope === 'system' && !page.isSystem ? ' (' + ('applications.shared' | transloco) + ')' : ''
            }}
          </option>
        }
      </select>
    } @else {
      <p class="sp-soft none" [id]="controlId()">{{ 'applications.none' | transloco: { name: template().name } }}</p>
    }
    @if (!readonly()) {
      <div class="ways">
        <button matButton type="button" (click)="open(null)">
          <mat-icon svgIcon="add" />{{ 'applications.add' | transloco }}
        </button>
        @if (chosen(); as one) {
          @if (isOwn(one)) {
            <button matButton type="button" (click)="open(one)">
              <mat-icon svgIcon="edit" />{{ 'applications.edit' | transloco }}
            </button>
          }
        }
        @if (template().oauth?.registerUrl; as url) {
          <a matButton [href]="url" target="_blank" rel="noopener noreferrer"
            ><mat-icon svgIcon="open-in-new" />{{ 'applications.register' | transloco }}</a
          >
        }
      </div>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 4px;
    }
    .ways {
      display: flex;
      flex-wrap: wrap;
      margin-left: -10px;
    }
    .none {
      font-size: 0.875rem;
    }
  `,
})
export class ApplicationField {
  readonly value = input.required<unknown>();
  readonly template = input.required<MailProviderTemplate>();
  readonly controlId = input.required<string>();
  readonly describedBy = input<string | null>(null);
  readonly readonly = input(false);
  readonly changed = output<string | undefined>();

  private readonly dialog = inject(MatDialog);
  protected readonly page = inject(MailServersStore);
  protected readonly applications = computed(() => {
    const known = this.page.applications.hasValue() ? this.page.applications.value().items : [];
    return known.filter(({ provider }) => provider === this.template().id);
  });
  protected readonly chosen = computed(() => this.applications().find(({ id }) => id === this.value()) ?? null);

  constructor() {
    // The one there is needs no choosing: with an application that the system shares, one button is left to press.
    effect(() => {
      const [only, ...others] = this.applications();
      if (only && others.length === 0 && this.value() === undefined && !this.readonly()) this.changed.emit(only.id);
    });
  }

  protected isOwn(application: OAuthApplication): boolean {
    return !application.managed && (this.page.isSystem || application.scope === 'tenant');
  }

  protected async open(application: OAuthApplication | null): Promise<void> {
    const data: ApplicationData = { application, template: this.template(), isSystem: this.page.isSystem };
    const dialog = this.dialog.open<ApplicationDialog, ApplicationData, OAuthApplication>(ApplicationDialog, {
      data,
      width: '640px',
    });
    const saved = await firstValueFrom(dialog.afterClosed());
    if (!saved) return;
    this.page.applications.reload();
    this.changed.emit(saved.id);
  }
}
