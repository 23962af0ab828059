import { Component, computed, inject, signal } from '@angular/core';
import { form, maxLength, validate } from '@angular/forms/signals';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import type { Alarm, MuteAlarm } from '../../core/api/models';
import { CountPipe } from '../../core/i18n/count.pipe';
import { DIALOG_FORM_PARTS } from '../../ui/form/form-parts';
import { hoursAhead, isMuteEnd, localTime, MAX_MUTE_DAYS, MUTE_HOURS, wishOf } from './mute-ends';

const AT_A_TIME = 'time';
const UNTIL_CLEARED = 'cleared';

/** Asks until when and why; closes with the wish. */
@Component({
  selector: 'sp-mute-dialog',
  imports: [...DIALOG_FORM_PARTS, CountPipe],
  template: `
    <form [formRoot]="form">
      <h2 mat-dialog-title>{{ 'alarms.mute.title' | transloco: { type: alarm.type } }}</h2>
      <mat-dialog-content class="sp-form">
        <p class="sp-soft">{{ 'alarms.mute.meaning' | transloco }}</p>
        <mat-form-field>
          <mat-label>{{ 'alarms.mute.end' | transloco }}</mat-label>
          <mat-select [formField]="form.end">
            @for (hours of HOURS; track hours) {
              <mat-option [value]="'' + hours">{{ hours | count: 'alarms.mute.hours' }}</mat-option>
            }
            @if (!alarm.cleared) {
              <mat-option [value]="UNTIL_CLEARED">{{ 'alarms.mute.untilCleared' | transloco }}</mat-option>
            }
            <mat-option [value]="AT_A_TIME">{{ 'alarms.mute.untilTime' | transloco }}</mat-option>
          </mat-select>
        </mat-form-field>
        @if (picksTime()) {
          <mat-form-field>
            <mat-label>{{ 'alarms.mute.time' | transloco }}</mat-label>
            <input matInput type="datetime-local" [formField]="form.time" />
            <mat-error>{{ 'alarms.mute.timeWrong' | transloco: { days: MAX_DAYS } }}</mat-error>
          </mat-form-field>
        }
        <mat-form-field>
          <mat-label>{{ 'alarms.mute.reason' | transloco }}</mat-label>
          <input matInput autocomplete="off" [formField]="form.reason" />
          <mat-hint>{{ 'alarms.mute.reasonHint' | transloco }}</mat-hint>
          <mat-error>{{ form.reason().errors() | fieldError }}</mat-error>
        </mat-form-field>
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close>{{ 'ui.cancel' | transloco }}</button>
        <button matButton="filled" type="submit">{{ 'alarms.mute.action' | transloco }}</button>
      </mat-dialog-actions>
    </form>
  `,
})
export class MuteDialog {
  private readonly ref = inject<MatDialogRef<MuteDialog, MuteAlarm>>(MatDialogRef);
  protected readonly alarm = inject<Alarm>(MAT_DIALOG_DATA);
  protected readonly HOURS = MUTE_HOURS;
  protected readonly MAX_DAYS = MAX_MUTE_DAYS;
  protected readonly AT_A_TIME = AT_A_TIME;
  protected readonly UNTIL_CLEARED = UNTIL_CLEARED;

  private readonly value = signal({ end: '8', time: localTime(hoursAhead(8, Date.now())), reason: '' });
  protected readonly picksTime = computed(() => this.value().end === AT_A_TIME);
  protected readonly form = form(
    this.value,
    (path) => {
      validate(path.time, ({ value }) =>
        this.picksTime() && !isMuteEnd(new Date(value()).getTime(), Date.now()) ? { kind: 'time' } : undefined,
      );
      maxLength(path.reason, 300);
    },
    { submission: { action: () => this.close() } },
  );

  private close(): Promise<void> {
    const { end, time, reason } = this.value();
    this.ref.close(wishOf(untilOf(end, time), reason));
    return Promise.resolve();
  }
}

function untilOf(end: string, time: string): MuteAlarm['until'] {
  if (end === UNTIL_CLEARED) return UNTIL_CLEARED;
  return end === AT_A_TIME ? new Date(time).getTime() : hoursAhead(Number(end), Date.now());
}
