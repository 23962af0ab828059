import { Component, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import type { Alarm, MuteAlarm } from '../../core/api/models';
import { CountPipe } from '../../core/i18n/count.pipe';
import { AlarmStore } from './alarm-store';
import { MuteDialog } from './mute-dialog';
import { hoursAhead, MUTE_HOURS } from './mute-ends';

/** "No mails about this alarm for …": the usual times with one more click, a time of one's own and a reason in a dialog. */
@Component({
  selector: 'sp-mute-menu',
  imports: [CountPipe, MatButton, MatIcon, MatMenu, MatMenuItem, MatMenuTrigger, TranslocoPipe],
  template: `
    <button matButton="outlined" type="button" [matMenuTriggerFor]="menu">
      <mat-icon svgIcon="notifications-off" />{{ 'alarms.mute.action' | transloco }}
    </button>
    <mat-menu #menu="matMenu">
      @for (hours of HOURS; track hours) {
        <button mat-menu-item type="button" (click)="muteFor(hours)">{{ hours | count: 'alarms.mute.hours' }}</button>
      }
      @if (!alarm().cleared) {
        <button mat-menu-item type="button" (click)="mute({ until: 'cleared' })">
          {{ 'alarms.mute.untilCleared' | transloco }}
        </button>
      }
      <button mat-menu-item type="button" (click)="ask()">{{ 'alarms.mute.more' | transloco }}</button>
    </mat-menu>
  `,
})
export class MuteMenu {
  readonly alarm = input.required<Alarm>();

  private readonly store = inject(AlarmStore);
  private readonly dialog = inject(MatDialog);
  protected readonly HOURS = MUTE_HOURS;

  protected muteFor(hours: number): Promise<boolean> {
    return this.mute({ until: hoursAhead(hours, Date.now()) });
  }

  protected mute(wish: MuteAlarm): Promise<boolean> {
    return this.store.mute(this.alarm(), wish);
  }

  protected async ask(): Promise<void> {
    const open = this.dialog.open<MuteDialog, Alarm, MuteAlarm>(MuteDialog, { data: this.alarm(), width: '440px' });
    const wish = await firstValueFrom(open.afterClosed());
    if (wish) await this.mute(wish);
  }
}
