import { Component, computed, inject, resource } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { listMailServers } from '../../core/api/functions';
import { live } from '../../core/events/live';
import { asProblem } from '../../core/http/api-problem';
import { Page } from '../../ui/page/page';
import { EmptyState } from '../../ui/state/empty-state';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { ManagedTag } from '../../ui/status/managed-tag';
import { Tag } from '../../ui/status/tag';

/** The mail servers of this scope. */
@Component({
  selector: 'sp-mail-servers-page',
  imports: [EmptyState, ManagedTag, MatIcon, Page, ProblemState, Skeleton, Tag, TranslocoPipe],
  templateUrl: './mail-servers-page.html',
  styleUrl: './mail-servers-page.scss',
})
export class MailServersPage {
  private readonly api = inject(Api);
  protected readonly servers = resource({ loader: () => this.api.invoke(listMailServers) });
  protected readonly problem = computed(() => {
    const error = this.servers.error();
    return error ? asProblem(error) : null;
  });

  constructor() {
    live('mail-servers', this.servers);
  }
}
