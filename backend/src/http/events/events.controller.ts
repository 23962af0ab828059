import { Controller, Get, Inject, Query, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import { ApiProduces, ApiResponse } from '@nestjs/swagger';
import { eventQuerySchema, serverEventSchema, type EventTopic, type Role } from '@signalpost/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';

import { Access, Authenticator, CurrentPrincipal, type Principal } from '../../access/index.js';
import { ProblemError } from '../problem-error.js';
import { EventBus } from './event-bus.js';
import { EventStream } from './event-stream.js';

/** Below the idle limit of common proxies (30 to 60 s). */
const HEARTBEAT_MS = 20_000;

/** What a customer user's pages show. */
const CUSTOMER_TOPICS: readonly EventTopic[] = ['alarms', 'devices'];

@Controller('api/events')
export class EventsController implements OnModuleDestroy {
  readonly #streams = new Set<EventStream>();

  constructor(
    @Inject(EventBus) private readonly bus: EventBus,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
  ) {}

  /** One stream a tab, all its topics in it. */
  @Get()
  @Access('signed-in')
  @ApiProduces('text/event-stream')
  @ApiResponse({ status: 200, description: 'A stream of events', standardSchema: serverEventSchema })
  streamEvents(
    @Query({ schema: eventQuerySchema }) query: z.infer<typeof eventQuerySchema>,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    refuseTopics(query.topics, principal.role);
    reply.hijack();
    const stream = new EventStream(reply.raw, principal, new Set(query.topics));
    stream.open(reply.getHeaders());
    this.#attach(stream, request, reply);
  }

  onModuleDestroy(): void {
    for (const stream of this.#streams) stream.close();
  }

  #attach(stream: EventStream, request: FastifyRequest, reply: FastifyReply): void {
    this.#streams.add(stream);
    const look = () => void this.#keepAlive(stream, request);
    const unsubscribe = this.bus.subscribe({
      changed: (event) => {
        stream.changed(event);
        if (event.topic === 'users' && event.id === stream.principal.userId) look();
      },
      resync: () => stream.resync(),
    });
    const timer = setInterval(look, HEARTBEAT_MS);
    reply.raw.once('close', () => {
      clearInterval(timer);
      unsubscribe();
      this.#streams.delete(stream);
    });
  }

  /** Who signed out, was disabled, or whose role changed, does not go on listening. */
  async #keepAlive(stream: EventStream, request: FastifyRequest): Promise<void> {
    const now = await this.authenticator.principalOf(request).catch(() => stream.principal);
    const same = now?.role === stream.principal.role && now.customerId === stream.principal.customerId;
    if (same) stream.heartbeat();
    else stream.close();
  }
}

function refuseTopics(topics: readonly EventTopic[], role: Role): void {
  if (role !== 'customer-user' || topics.every((topic) => CUSTOMER_TOPICS.includes(topic))) return;
  throw new ProblemError('forbidden', {
    detail: `Customer users may listen to ${CUSTOMER_TOPICS.join(' and ')} only.`,
  });
}
