import type { BrokerConfig } from '../model/snapshot.ts';
import type { Collector } from './collector.ts';

/** Kafka's key of each field, and milliseconds a unit of it. */
const fields: { readonly [F in keyof BrokerConfig]-?: readonly [key: string, unitMs: number] } = {
  offsetsRetentionMs: ['offsets.retention.minutes', 60_000],
  retentionCheckIntervalMs: ['log.retention.check.interval.ms', 1],
  transactionMaxTimeoutMs: ['transaction.max.timeout.ms', 1],
};
const keys = Object.values(fields).map(([key]) => key);

/** Settings that brokers share; read from one of them. */
export const brokerConfigs: Collector<'broker-configs'> = {
  facet: 'broker-configs',
  every: '10m',
  timeout: '10s',
  doc: 'how long brokers keep commits, how often they clean up, how long transactions may last',
  async collect(kafka, _known, signal) {
    const { value, brokers, failures } = await kafka.brokerConfig(keys, signal);
    const read = Object.entries(fields).flatMap(([field, [key, unitMs]]) => {
      const text = value[key];
      return text === undefined || text === null ? [] : [[field, Number(text) * unitMs]];
    });
    return { value: Object.fromEntries(read) satisfies BrokerConfig, brokers, failures };
  },
};
