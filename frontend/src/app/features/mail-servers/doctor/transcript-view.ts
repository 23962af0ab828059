import { Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { DoctorReport } from '../../../core/api/models';
import { CopyButton } from '../../../ui/copy/copy-button';

type Line = DoctorReport['transcript'][number];

const MARKS: Readonly<Record<Line['from'], string>> = { client: '→', server: '←', note: '·' };

/** What was said, secrets removed by the server. */
@Component({
  selector: 'sp-transcript',
  imports: [CopyButton, TranslocoPipe],
  template: `
    <details>
      <summary>{{ 'doctor.transcript' | transloco }}</summary>
      <div class="frame">
        <ol tabindex="0" [attr.aria-label]="'doctor.transcript' | transloco">
          @for (line of lines(); track $index) {
            <li [class]="line.from">
              <span class="ms">{{ line.ms }}</span>
              <span aria-hidden="true">{{ marks[line.from] }}</span>
              <span class="cdk-visually-hidden">{{ 'doctor.speaker.' + line.from | transloco }}</span>
              <span class="text">{{ line.text }}</span>
            </li>
          }
        </ol>
        <sp-copy-button [text]="text()" [label]="'doctor.copyTranscript' | transloco" />
      </div>
    </details>
  `,
  styleUrl: './transcript-view.scss',
})
export class TranscriptView {
  readonly lines = input.required<readonly Line[]>();
  protected readonly marks = MARKS;
  protected readonly text = computed(() =>
    this.lines()
      .map(({ ms, from, text }) => `${ms} ms ${MARKS[from]} ${text}`)
      .join('\n'),
  );
}
