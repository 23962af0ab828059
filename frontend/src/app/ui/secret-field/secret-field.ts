import { Component, computed, input, model, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import { Ago } from '../time/ago';
import type { NamedSecret, SecretChange, SecretState } from './secret';

const KEEP: SecretChange = { change: 'keep' };

/** What the field shows: the secret that is stored, a box for a new one, that it will go, a choice of named ones. */
type Face = 'stored' | 'named' | 'box' | 'cleared' | 'choice';

/** A secret that goes in and never comes out: kept, replaced, taken away, or taken from the store of named secrets. */
@Component({
  selector: 'sp-secret-field',
  imports: [Ago, MatButton, MatIcon, MatIconButton, TranslocoPipe],
  templateUrl: './secret-field.html',
  styleUrl: './secret-field.scss',
})
export class SecretField {
  readonly value = model<SecretChange | undefined>(KEEP);
  readonly state = input<SecretState | undefined>(undefined);
  /** Empty: there is nothing to choose from. */
  readonly named = input<readonly NamedSecret[]>([]);
  /** Name of the field, for what the buttons say to screen readers. */
  readonly label = input.required<string>();
  readonly controlId = input('');
  readonly describedBy = input<string | null>(null);
  readonly invalid = input(false);
  readonly readonly = input(false);
  /** Whether it may have more than one line, as a PEM text has. */
  readonly lines = input(false);
  protected readonly shown = signal(false);

  protected readonly face = computed<Face>(() => {
    const { change } = this.value() ?? KEEP;
    if (change === 'set') return 'box';
    if (change === 'clear') return 'cleared';
    if (change === 'named') return 'choice';
    if (this.state()?.named) return 'named';
    return this.state()?.isSet ? 'stored' : 'box';
  });
  protected readonly text = computed(() => {
    const value = this.value();
    return value?.change === 'set' ? value.value : '';
  });
  protected readonly chosen = computed(() => {
    const value = this.value();
    return value?.change === 'named' ? value.secretId : '';
  });
  /** Whether something is stored to go back to. */
  protected readonly canKeep = computed(() => this.state()?.isSet === true && (this.value() ?? KEEP).change !== 'keep');

  /** An empty box is no secret: what is stored stays, unless the person said that a new one comes. */
  protected write(text: string): void {
    this.value.set(text === '' && !this.state()?.isSet ? KEEP : { change: 'set', value: text });
  }

  protected replace(): void {
    this.value.set({ change: 'set', value: '' });
  }

  protected clear(): void {
    this.value.set({ change: 'clear' });
  }

  protected keep(): void {
    this.value.set(KEEP);
  }

  protected choose(secretId: string): void {
    this.value.set({ change: 'named', secretId });
  }
}
