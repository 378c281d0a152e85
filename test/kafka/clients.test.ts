import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Admin } from '@platformatic/kafka';
import { testKafka } from '../support/test-kafka.ts';
import { until } from '../support/until.ts';

const kafka = await testKafka();
after(() => kafka[Symbol.asyncDispose]());

const admin = new Admin({ clientId: 'harness', bootstrapBrokers: kafka.bootstrapServers.split(',') });
after(() => admin.close());

test('produced records are read, and the position is committed', async () => {
  const topic = await kafka.createTopic('read', { config: { 'retention.ms': '90000' } });
  await kafka.produce(topic, 25);
  const groupId = kafka.name('reader');
  await kafka.consume(groupId, topic, 25);
  assert.equal(await kafka.committedOffset(groupId, topic, 0), 25);
});

test('a group without members commits', async () => {
  const topic = await kafka.createTopic('manual', { partitions: 2 });
  await kafka.produce(topic, 5);
  const groupId = kafka.name('manual');
  await kafka.commit(groupId, { [topic]: { 0: 3 } });
  assert.equal(await kafka.committedOffset(groupId, topic, 0), 3);
});

for (const groupProtocol of ['classic', 'consumer'] as const) {
  test(`a member joins by the ${groupProtocol} protocol and leaves`, async () => {
    const topic = await kafka.createTopic(`joined-${groupProtocol}`, { partitions: 3 });
    const groupId = kafka.name(groupProtocol);
    {
      await using member = await kafka.join(groupId, [topic], { groupProtocol });
      assert.equal(member.assignment.length, 3);
    }
    await until('the group is empty', async () => {
      const empty = await admin.listGroups({ states: ['EMPTY'], types: ['classic', 'consumer'] });
      return empty.has(groupId);
    });
  });
}
