/** A member with a short life, as a process of its own: `node crash-loop-member.ts GROUP BOOTSTRAP`. */
import { setTimeout as pause } from 'node:timers/promises';
import { KafkaClients } from '../../test/support/clients.ts';

const [groupId = '', bootstrapServers = ''] = process.argv.slice(2);
process.stdin.resume().once('end', () => process.exit());

const kafka = new KafkaClients(bootstrapServers, '');
await kafka.join(groupId, [groupId], { config: { 'session.timeout.ms': 6_000, 'heartbeat.interval.ms': 2_000 } });
await pause(4_000);
// As the kernel's out-of-memory killer would: the coordinator hears nothing and waits for the session to end.
process.kill(process.pid, 'SIGKILL');
