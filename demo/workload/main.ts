/** The demo's producers and consumers in one process: `node demo/workload/main.ts BOOTSTRAP`. Says "ready", then goes on. */
import { KafkaClients } from '../../test/support/clients.ts';
import { demoGroups } from './groups.ts';

const [bootstrapServers = ''] = process.argv.slice(2);
const kafka = new KafkaClients(bootstrapServers, '');
// One after the other would take a minute, all at once would starve the brokers of two cores.
const waiting = [...demoGroups];
const startSome = async () => {
  for (let group = waiting.shift(); group; group = waiting.shift()) await group.start({ kafka });
};
await Promise.all([startSome(), startSome(), startSome()]);
process.stdout.write('ready\n');
