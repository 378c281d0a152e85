import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Daemon } from '../support/daemon.ts';
import { KafkaCluster } from '../support/kafka-cluster.ts';
import { freePorts } from '../support/ports.ts';
import { scaledSettings } from '../support/scaled-settings.ts';
import { until } from '../support/until.ts';

interface Clusters {
  clusters: { reachable: boolean; problem: string | null; brokers: { up: number } }[];
}

test('a cluster that cannot be reached at start is named on page and /metrics, and watched once it is there', async () => {
  const [firstPort = 0] = await freePorts(2);
  await using daemon = await Daemon.start({ bootstrapServers: `127.0.0.1:${firstPort}`, settings: scaledSettings });

  const [before] = (await daemon.api<Clusters>('/clusters')).clusters;
  assert.equal(before?.reachable, false);
  assert.match(before.problem ?? '', new RegExp(`127\\.0\\.0\\.1:${firstPort}`), 'the problem names who was asked');
  assert.match(await daemon.get('/'), /<html/);
  assert.match(await daemon.get('/metrics'), /^tidemark_cluster_reachable\{kafka_cluster="test"\} 0$/m);
  await daemon.get('/healthz');

  await using _cluster = await KafkaCluster.start({ brokers: 1, firstPort });
  await until('tidemark has found the cluster', async () => {
    const [now] = (await daemon.api<Clusters>('/clusters')).clusters;
    return now?.reachable === true && now.problem === null && now.brokers.up === 1;
  });
  await until('/metrics, which is rendered after the answers of the API, says so too', async () =>
    /^tidemark_cluster_reachable\{kafka_cluster="test"\} 1$/m.test(await daemon.get('/metrics')),
  );
});
