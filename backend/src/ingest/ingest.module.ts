import {
  type BeforeApplicationShutdown,
  Inject,
  Module,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

import { type Config, CONFIG, listenRefusal } from '../config/index.js';
import { type Clock, CLOCK, Database, Instance } from '../db/index.js';
import { DeviceLink, DeviceLinkModule, tellDevices } from '../device-link/index.js';
import { LOG, requestReport, type Log } from '../http/index.js';
import { Metrics } from '../http/ops/index.js';
import { StraightWay, WakeUp } from '../queue/index.js';
import { AttributeNews, TimeseriesModule } from '../timeseries/index.js';
import { AttributeUpdates } from './attribute-updates.js';
import { deviceApi } from './device-api.js';
import { DeviceAttributes } from './device-attributes.js';
import { deviceLane } from './device-lane.js';
import { Ingest } from './ingest.js';
import { MqttApi } from './mqtt-api.js';
import { QueueRoom } from './queue-room.js';
import { StraightArrivals } from './straight-arrivals.js';

@Module({
  imports: [DeviceLinkModule, TimeseriesModule],
  providers: [
    {
      provide: QueueRoom,
      useFactory: (db: Database, config: Config) => new QueueRoom(db, config.queueLimit),
      inject: [Database, CONFIG],
    },
    {
      provide: Ingest,
      useFactory: (db: Database, wakeUp: WakeUp, room: QueueRoom, clock: Clock, straight: StraightArrivals) =>
        new Ingest(db, wakeUp, room, clock, straight),
      inject: [Database, WakeUp, QueueRoom, CLOCK, StraightArrivals],
    },
    {
      provide: StraightArrivals,
      useFactory: (db: Database, instance: Instance, way: StraightWay, clock: Clock) =>
        new StraightArrivals(db, instance, way, clock),
      inject: [Database, Instance, StraightWay, CLOCK],
    },
    {
      provide: MqttApi,
      useFactory: (ingest: Ingest, attributes: DeviceAttributes, link: DeviceLink, log: Log, clock: Clock) =>
        new MqttApi(ingest, attributes, link, log, clock),
      inject: [Ingest, DeviceAttributes, DeviceLink, LOG, CLOCK],
    },
    {
      provide: AttributeUpdates,
      useFactory: (link: DeviceLink, attributes: DeviceAttributes) => new AttributeUpdates(link, attributes),
      inject: [DeviceLink, DeviceAttributes],
    },
    { provide: DeviceAttributes, useFactory: (db: Database) => new DeviceAttributes(db), inject: [Database] },
  ],
})
export class IngestModule implements OnModuleInit, BeforeApplicationShutdown, OnModuleDestroy {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Ingest) private readonly ingest: Ingest,
    @Inject(DeviceAttributes) private readonly attributes: DeviceAttributes,
    @Inject(AttributeUpdates) private readonly updates: AttributeUpdates,
    @Inject(AttributeNews) private readonly news: AttributeNews,
    @Inject(QueueRoom) private readonly room: QueueRoom,
    @Inject(LOG) private readonly log: Log,
    @Inject(MqttApi) private readonly mqtt: MqttApi,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  async onModuleInit(): Promise<void> {
    this.news.add(tellDevices);
    const app = this.host.httpAdapter.getInstance<FastifyInstance>();
    await app.register(deviceApi(this.ingest, this.attributes, this.updates, this.log));
    await app.register(deviceLane(this.ingest, this.log, requestReport(this.log, this.metrics)));
    await this.room.look();
    this.room.start();
    await this.#listenForMqtt();
  }

  /** Before the server waits for its requests to end. */
  beforeApplicationShutdown(): void {
    this.updates.stop();
  }

  async onModuleDestroy(): Promise<void> {
    this.room.stop();
    await this.mqtt.close();
  }

  async #listenForMqtt(): Promise<void> {
    const { mqttPort, host } = this.config;
    if (mqttPort === undefined) return;
    try {
      const port = await this.mqtt.listen(mqttPort, host);
      this.log.info({ port }, 'Listening for devices over MQTT');
    } catch (error) {
      throw listenRefusal(error, { port: mqttPort, host, variable: 'MQTT_PORT' });
    }
  }
}
