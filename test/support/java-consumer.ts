import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { kafkaLibs } from './kafka-broker.ts';

/**
 * A consumer of Kafka's own, in a process of its own: the one of the broker's jars that writes what it reads to its standard output.
 * For what only Java clients do. Its disposal kills it: its group misses it when its session ends.
 */
export class JavaConsumer implements AsyncDisposable {
  readonly #process: ChildProcess;

  /** Starts it; seconds later it has joined. @param config its settings, by Kafka's names */
  constructor(
    bootstrapServers: string,
    groupId: string,
    topic: string,
    config: Readonly<Record<string, string | number>> = {},
  ) {
    const properties = Object.entries(config).flatMap(([name, value]) => ['--command-property', `${name}=${value}`]);
    const java = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', `${kafkaLibs()}/*`];
    const tool = 'org.apache.kafka.tools.consumer.ConsoleConsumer';
    const args = ['--bootstrap-server', bootstrapServers, '--group', groupId, '--topic', topic, ...properties];
    this.#process = spawn('java', [...java, tool, ...args], { stdio: 'ignore' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}
