import type { Snapshot } from '../../src/model/snapshot.ts';
import { changed } from '../support/engine-run.ts';
import { type GroupOptions, type TopicOptions, TraceBuilder } from '../support/trace-builder.ts';
import { FindingStory } from './finding-story.ts';

/* Stories of two members that read `orders` as `billing`. */
export const orders = { topics: ['orders'], members: 2 };

/** Two partitions with 100 records a second each, read by `billing`. */
export function watching(group: Partial<GroupOptions> = {}, topic: TopicOptions = {}): FindingStory {
  const trace = new TraceBuilder().topic('orders', { partitions: 2, rate: 100, ...topic });
  return new FindingStory(trace.group('billing', { ...orders, ...group }));
}

/** The lines of one code, without their minutes. */
export function said(story: FindingStory, code: string): string[] {
  return story.transitions
    .toSorted((a, b) => a.atMs - b.atMs || (a.partition ?? 0) - (b.partition ?? 0))
    .flatMap((one) => {
      if (one.code !== code) return [];
      const what = one.type === 'cleared' ? one.reason : one.type === 'raised' ? one.severity : one.changed.join();
      return [
        `${one.type} ${what} ${[one.groupId, one.topic, one.partition].filter((name) => name !== undefined).join(' ')}`,
      ];
    });
}

/** The answers hold no commit of the group. */
export function withoutCommits(snapshot: Snapshot): Snapshot {
  return changed(snapshot, 'committed-offsets', { value: [{ groupId: 'billing', topics: [] }] });
}
