import assert from 'node:assert/strict';
import { mkdtempDisposableSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { Daemon } from '../../src/daemon.ts';
import { TidemarkError } from '../../src/model/errors.ts';
import { until } from '../support/until.ts';

/** Settings for clusters that nobody can reach, by their names. */
function configFor(dataDir: string, names: readonly string[], more: Record<string, unknown> = {}): Config {
  const clusters = names.map((name) => ({ name, bootstrapServers: '127.0.0.1:1' }));
  const settings = { dataDir, http: { port: 0 }, clusters, ...more };
  return loadConfig({ file: { name: 'test', text: JSON.stringify(settings) } });
}

function start(config: Config): Promise<Daemon> {
  return Daemon.start({ config, log: pino({ enabled: false }), nodeVersion: 'test', cpuSeconds: () => 0 });
}

async function get(daemon: Daemon, path: string): Promise<string> {
  const response = await fetch(daemon.address + path);
  return response.text();
}

async function clusterNames(daemon: Daemon): Promise<string[]> {
  const { clusters } = JSON.parse(await get(daemon, '/api/v1/clusters'));
  return clusters.map(({ cluster }: { cluster: string }) => cluster);
}

describe('the daemon', () => {
  it('serves page and metrics while no cluster can be reached, each cluster by itself', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'tidemark-daemon-'));
    await using daemon = await start(configFor(folder.path, ['a', 'b']));
    await until('both were tried', async () => (await fetch(`${daemon.address}/readyz`)).ok);
    assert.match(await get(daemon, '/'), /<html/);
    const metrics = await get(daemon, '/metrics');
    assert.match(metrics, /tidemark_cluster_reachable\{kafka_cluster="a"\} 0/);
    assert.match(metrics, /tidemark_cluster_reachable\{kafka_cluster="b"\} 0/);
    assert.deepEqual(await clusterNames(daemon), ['a', 'b']);
  });

  it('takes up other settings while it runs: what they do not change goes on', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'tidemark-daemon-'));
    await using daemon = await start(configFor(folder.path, ['stays', 'goes']));
    await until('both were tried', async () => (await fetch(`${daemon.address}/readyz`)).ok);
    await daemon.reload(async () => configFor(folder.path, ['stays', 'comes']));
    assert.deepEqual(await clusterNames(daemon), ['stays', 'comes']);
    assert.match(await get(daemon, '/metrics'), /tidemark_cluster_reachable\{kafka_cluster="comes"\} 0/);
    assert.doesNotMatch(await get(daemon, '/metrics'), /tidemark_cluster_reachable\{kafka_cluster="goes"\}/);
  });

  it('keeps the last report of a cluster whose settings changed, until there is another', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'tidemark-daemon-'));
    await using daemon = await start(configFor(folder.path, ['a']));
    await until('it was tried', async () => (await fetch(`${daemon.address}/readyz`)).ok);
    await daemon.reload(async () => configFor(folder.path, ['a'], { findings: { holdFindings: '5m' } }));
    assert.deepEqual(await clusterNames(daemon), ['a']);
    const [cluster] = JSON.parse(await get(daemon, '/api/v1/clusters')).clusters;
    assert.notEqual(cluster.atMs, null);
  });

  it('stays as it is where the settings cannot be read again, and says so', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'tidemark-daemon-'));
    await using daemon = await start(configFor(folder.path, ['a']));
    await daemon.reload(async () => {
      throw new TidemarkError('config.invalid', 'interval: "soon" is no duration');
    });
    assert.deepEqual(await clusterNames(daemon), ['a']);
    assert.match(await get(daemon, '/metrics'), /tidemark_config_last_reload_successful 0/);
    await daemon.reload(async () => configFor(folder.path, ['a']));
    assert.match(await get(daemon, '/metrics'), /tidemark_config_last_reload_successful 1/);
  });

  it('unwinds what it had started where its port is taken', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'tidemark-daemon-'));
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await assert.rejects(start(configFor(folder.path, ['a'], { http: { port } })), {
      code: 'http.port-unavailable',
      message: new RegExp(`cannot listen on 127\\.0\\.0\\.1:${port}.*--port`),
    });
    await new Promise((resolve) => other.close(resolve));
    // The store's directory is free again: it was closed.
    await using daemon = await start(configFor(folder.path, ['a'], { http: { port } }));
    assert.match(daemon.address, new RegExp(`:${port}$`));
  });
});
