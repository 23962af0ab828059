import { Component } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Logo } from './logo';

/** The frame of the pages before sign-in: the product at one side, a form at the other. */
@Component({
  selector: 'sp-entrance',
  imports: [Logo, TranslocoPipe],
  templateUrl: './entrance.html',
  styleUrl: './entrance.scss',
})
export class Entrance {}
