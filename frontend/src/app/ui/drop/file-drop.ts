import { Component, type ElementRef, input, output, signal, viewChild } from '@angular/core';
import { MatIcon } from '@angular/material/icon';

/** A place that takes one file, dropped or picked. Around it the page goes on as its content. */
@Component({
  selector: 'sp-file-drop',
  imports: [MatIcon],
  template: `
    <input #picker type="file" hidden [accept]="accept()" (change)="take(picker.files); picker.value = ''" />
    <ng-content />
    @if (over()) {
      <div class="veil"><mat-icon svgIcon="upload-file" aria-hidden="true" />{{ hint() }}</div>
    }
  `,
  styleUrl: './file-drop.scss',
  host: {
    '(dragover)': 'enter($event)',
    '(dragleave)': 'leave($event)',
    '(drop)': 'drop($event)',
  },
})
export class FileDrop {
  /** As in `<input accept>`. */
  readonly accept = input.required<string>();
  /** What dropping will do. */
  readonly hint = input.required<string>();
  readonly chosen = output<File>();

  private readonly picker = viewChild.required<ElementRef<HTMLInputElement>>('picker');
  protected readonly over = signal(false);

  /** Opens the system's file dialog. */
  pick(): void {
    this.picker().nativeElement.click();
  }

  protected take(files: FileList | null | undefined): void {
    const file = files?.[0];
    if (file) this.chosen.emit(file);
  }

  protected enter(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.over.set(true);
  }

  protected leave(event: DragEvent): void {
    if (event.relatedTarget instanceof Node && event.currentTarget instanceof Node) {
      if (event.currentTarget.contains(event.relatedTarget)) return;
    }
    this.over.set(false);
  }

  protected drop(event: DragEvent): void {
    event.preventDefault();
    this.over.set(false);
    this.take(event.dataTransfer?.files);
  }
}
