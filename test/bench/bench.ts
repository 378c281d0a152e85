/**
 * `npm run bench -- --case A --out FILE`: makes a cluster, lays a load on it, runs tidemark beside it, and prints and writes
 * what a cycle costs. Figures of one run compare with each other; between machines only their ratios do.
 */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { setInterval } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Daemon } from '../support/daemon.ts';
import { KafkaCluster } from '../support/kafka-cluster.ts';
import { type BenchCase, benchCases } from './cases.ts';
import { BenchLoad } from './load.ts';
import { cpuSeconds, peakRssMegabytes } from './process-usage.ts';
import { countSamples, samplesOf, scrape } from './scrape.ts';

/** All that is read at the end of one cycle. CPU and counters are totals since the start. */
interface Sample {
  readonly daemonCpu: number;
  readonly brokerCpu: number;
  readonly metricsSeconds: number;
  readonly metricsBytes: number;
  readonly metricsSeries: number;
  readonly cycleSeconds: number;
  readonly kafkaRequests: number;
  readonly kafkaBytes: number;
  readonly eventLoopBlockedMs: number;
  readonly cpuByPart: ReadonlyMap<string, number>;
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};
const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0);
const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, value) => sum + value, 0);
const rounded = (value: number): number => Number(value.toPrecision(4));

const brokerCpuSeconds = (cluster: KafkaCluster): number =>
  cluster.brokers.reduce((sum, { pid }) => sum + (pid === undefined ? 0 : cpuSeconds(pid)), 0);

async function takeSample(daemon: Daemon, cluster: KafkaCluster): Promise<Sample> {
  const pages = [await scrape(`${daemon.address}/metrics`), await scrape(`${daemon.address}/metrics/partitions`)];
  const daemonCpu = cpuSeconds(daemon.pid);
  const texts = pages.map(({ body }) => gunzipSync(body).toString('utf8'));
  const [self = ''] = texts;
  return {
    daemonCpu,
    brokerCpu: brokerCpuSeconds(cluster),
    metricsSeconds: largest(pages.map(({ seconds }) => seconds)),
    metricsBytes: pages.reduce((sum, { bytes }) => sum + bytes, 0),
    metricsSeries: texts.reduce((sum, text) => sum + countSamples(text), 0),
    cycleSeconds: total(samplesOf(self, 'tidemark_cycle_duration_seconds_sum')),
    kafkaRequests: total(samplesOf(self, 'tidemark_kafka_requests_total')),
    kafkaBytes: total(samplesOf(self, 'tidemark_kafka_received_bytes_total')),
    eventLoopBlockedMs: 1000 * total(samplesOf(self, 'nodejs_eventloop_lag_max_seconds')),
    cpuByPart: samplesOf(self, 'tidemark_cycle_cpu_seconds_total', 'part'),
  };
}

/** CPU seconds a cycle that the brokers use for the load alone. */
async function brokerCpuOfLoad(cluster: KafkaCluster, load: BenchLoad, { intervalMs }: BenchCase): Promise<number> {
  const readings: number[] = [];
  for await (const _ of setInterval(intervalMs)) {
    await load.move();
    readings.push(brokerCpuSeconds(cluster));
    if (readings.length === 4) break;
  }
  return median(differences(readings));
}

function differences(totals: readonly number[]): number[] {
  return totals.slice(1).map((value, index) => value - (totals[index] ?? Number.NaN));
}

async function runCycles(
  daemon: Daemon,
  cluster: KafkaCluster,
  load: BenchLoad,
  { intervalMs, warmCycles, cycles }: BenchCase,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for await (const _ of setInterval(intervalMs)) {
    samples.push(await takeSample(daemon, cluster));
    await load.move();
    // One more than is counted: figures are differences.
    if (samples.length === warmCycles + cycles + 1) break;
  }
  return samples.slice(warmCycles);
}

function summary(samples: readonly Sample[], cpuOfLoad: number) {
  const counted = samples.slice(1);
  const perCycle = (pick: (sample: Sample) => number) => rounded(median(differences(samples.map(pick))));
  const parts = [...(samples[0]?.cpuByPart.keys() ?? [])];
  return {
    cpuSecondsPerCycle: perCycle(({ daemonCpu }) => daemonCpu),
    cpuSecondsPerCycleByPart: Object.fromEntries(
      parts.map((part) => [part, perCycle(({ cpuByPart }) => cpuByPart.get(part) ?? Number.NaN)]),
    ),
    wallSecondsPerCycle: perCycle(({ cycleSeconds }) => cycleSeconds),
    metricsSeconds: rounded(largest(counted.map(({ metricsSeconds }) => metricsSeconds))),
    metricsBytes: median(counted.map(({ metricsBytes }) => metricsBytes)),
    metricsSeries: median(counted.map(({ metricsSeries }) => metricsSeries)),
    brokerCpuSecondsPerCycle: rounded(perCycle(({ brokerCpu }) => brokerCpu) - cpuOfLoad),
    brokerCpuSecondsPerCycleOfLoad: rounded(cpuOfLoad),
    kafkaRequestsPerCycle: perCycle(({ kafkaRequests }) => kafkaRequests),
    kafkaBytesPerCycle: perCycle(({ kafkaBytes }) => kafkaBytes),
    eventLoopBlockedMs: rounded(largest(counted.map(({ eventLoopBlockedMs }) => eventLoopBlockedMs))),
  };
}

async function bench(name: string, benchCase: BenchCase) {
  const say = (what: string) => process.stderr.write(`bench: ${what}\n`);
  say(`starting a cluster for case ${name}`);
  await using cluster = await KafkaCluster.start({ heapMegabytes: benchCase.heapMegabytes });
  say('laying topics, commits and members');
  await using load = await BenchLoad.lay(cluster, benchCase);
  say('measuring the brokers under the load alone');
  const cpuOfLoad = await brokerCpuOfLoad(cluster, load, benchCase);
  say('starting tidemark');
  const bootstrapServers = cluster.brokers.map(({ address }) => address).join(',');
  await using daemon = await Daemon.start({ bootstrapServers, intervalMs: benchCase.intervalMs });
  const samples = await runCycles(daemon, cluster, load, benchCase);
  return {
    case: name,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryMegabytes: Math.round(totalmem() / 1e6),
    },
    versions: { node: process.version, kafka: '4.2.0' },
    ...summary(samples, cpuOfLoad),
    peakRssMegabytes: rounded(peakRssMegabytes(daemon.pid)),
  };
}

const { values } = parseArgs({ options: { case: { type: 'string', default: 'A' }, out: { type: 'string' } } });
const benchCase = benchCases[values.case];
if (benchCase === undefined) {
  process.stderr.write(`There is no case "${values.case}": choose one of ${Object.keys(benchCases).join(', ')}.\n`);
  process.exitCode = 2;
} else {
  const result = `${JSON.stringify(await bench(values.case, benchCase), null, 2)}\n`;
  process.stdout.write(result);
  if (values.out !== undefined) writeFileSync(values.out, result);
}
