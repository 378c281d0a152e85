import type { Finding, FindingSubject, Transition } from '../../src/model/finding.ts';
import type { Daemon } from './daemon.ts';
import { until } from './until.ts';

/** Names findings in part: `{ code: 'lagging', groupId }`. */
type FindingLike = Partial<FindingSubject> & { readonly code: string; readonly severity?: Finding['severity'] };

/** What a daemon under test says: open findings by its API, whether each is exported, and what it said before. */
export class Told {
  readonly #daemon: Daemon;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Open findings that are like this one. */
  async open(like: FindingLike): Promise<readonly Finding[]> {
    const { findings } = await this.#daemon.api<{ findings: Finding[] }>(`/findings?code=${like.code}`);
    return findings.filter((finding) => isLike(finding, like));
  }

  /** Waits until a finding like this is open, and checks that /metrics has it (or not, where another one explains it). */
  async raised(like: FindingLike, meanwhile: () => Promise<unknown> = async () => {}): Promise<Finding> {
    return await until(
      `${JSON.stringify(like)} is raised, by the API and by /metrics`,
      async () => {
        await meanwhile();
        const [finding] = await this.open(like);
        return finding && (await this.#isExported(finding)) === (finding.cause === null) ? finding : undefined;
      },
      settling,
    );
  }

  /** Waits until a finding was cleared, and is exported no more. @returns how it ended */
  async cleared(
    { id }: Finding,
    meanwhile: () => Promise<unknown> = async () => {},
  ): Promise<Transition & { type: 'cleared' }> {
    const end = await until(
      `${id} is cleared`,
      async () => {
        await meanwhile();
        return (await this.transitions()).filter(isEnd).find((one) => one.id === id);
      },
      settling,
    );
    return end;
  }

  /** Everything that was ever raised, changed or cleared, newest first. */
  async transitions(): Promise<readonly Transition[]> {
    return (await this.#daemon.api<{ transitions: Transition[] }>('/events?limit=5000')).transitions;
  }

  /** Codes that were ever raised about a group above info. */
  async alarmsAbout(groupId: string): Promise<readonly string[]> {
    const about = (await this.transitions()).filter((one) => one.groupId === groupId && one.severity !== 'info');
    return [...new Set(about.map(({ code }) => code))].sort();
  }

  async #isExported(finding: Finding): Promise<boolean> {
    const { code, severity, groupId, topic, partition, brokerId, logDir } = finding;
    const labels = Object.entries({
      code,
      severity,
      group: groupId,
      topic,
      partition,
      broker: brokerId,
      log_dir: logDir,
    })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}="${value}"`);
    const metrics = await this.#daemon.get('/metrics');
    return metrics
      .split('\n')
      .some((line) => line.startsWith('tidemark_finding{') && labels.every((label) => line.includes(label)));
  }
}

/** Brokers take their time until one that is silent is fenced, or taken back. */
const settling = { withinMs: 120_000, everyMs: 200 };

function isLike(finding: Finding, like: FindingLike): boolean {
  return Object.entries(like).every(([field, value]) => finding[field as keyof FindingLike] === value);
}

function isEnd(one: Transition): one is Transition & { type: 'cleared' } {
  return one.type === 'cleared';
}
