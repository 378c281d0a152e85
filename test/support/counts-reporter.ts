import type { TestEvent } from 'node:test/reporters';

/** A `node --test` reporter: one line `passed failed` at the end of a run, for the test runner to add up. */
export async function* countsReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    // Without a file: the summary of the whole run.
    if (event.type !== 'test:summary' || event.data.file !== undefined) continue;
    const { tests, passed, skipped, todo } = event.data.counts;
    yield `${passed} ${tests - passed - skipped - todo}\n`;
  }
}

// biome-ignore lint/style/noDefaultExport: node --test takes a reporter by its default export
export default countsReporter;
