/** Kafka's APIs that tests need and the wire library has no codecs for, each in one version that the test cluster speaks. */
import { type Connection, type Reader, Writer } from '@platformatic/kafka';

/** What a member of a newer kind of group says in place of its epoch when it comes and goes. */
export const memberEpoch = { joins: 0, leaves: -1 } as const;

/** Makes the preferred replica, which is the first one, lead (KIP-460). It must be in sync. */
export async function electPreferredLeader(connection: Connection, topic: string, partition: number): Promise<void> {
  const preferred = 0;
  const timeoutMs = 10_000;
  const request = Writer.create()
    .appendInt8(preferred)
    .appendArray([topic], (writer, name) =>
      writer.appendString(name).appendArray([partition], (inner, number) => inner.appendInt32(number), true, false),
    )
    .appendInt32(timeoutMs)
    .appendTaggedFields();
  await send(connection, { name: 'ElectLeaders', key: 43, version: 2 }, request, () => undefined);
}

/** A heartbeat of a member of a share group (KIP-932). To be sent to the group's coordinator. @returns the member's epoch */
export async function shareGroupHeartbeat(
  connection: Connection,
  groupId: string,
  memberId: string,
  epoch: number,
  topics: readonly string[],
): Promise<number> {
  const request = Writer.create().appendString(groupId).appendString(memberId).appendInt32(epoch);
  const rack = null;
  request.appendString(rack);
  appendNames(request, topics).appendTaggedFields();
  return await send(connection, { name: 'ShareGroupHeartbeat', key: 76, version: 1 }, request, memberEpochOf);
}

/**
 * A heartbeat of a member of a streams group (KIP-1071), of an application that does no more than read some topics. To be sent to the
 * group's coordinator. @returns the member's epoch
 */
export async function streamsGroupHeartbeat(
  connection: Connection,
  groupId: string,
  memberId: string,
  epoch: number,
  topics: readonly string[],
): Promise<number> {
  const joins = epoch === memberEpoch.joins;
  const request = Writer.create().appendString(groupId).appendString(memberId).appendInt32(epoch);
  const [endpointEpoch, instance, rack, rebalanceTimeoutMs] = [0, null, null, joins ? 60_000 : -1];
  request.appendInt32(endpointEpoch).appendString(instance).appendString(rack).appendInt32(rebalanceTimeoutMs);
  if (joins) appendTopology(request, topics);
  else request.appendInt8(noStruct);
  const [active, standby, warmup] = joins ? [[], [], []] : [null, null, null];
  for (const tasks of [active, standby, warmup]) appendNames(request, tasks);
  const processId = joins ? memberId : null;
  request.appendString(processId).appendInt8(noStruct);
  const [clientTags, taskOffsets, taskEndOffsets] = [joins ? [] : null, null, null];
  for (const list of [clientTags, taskOffsets, taskEndOffsets]) appendNames(request, list);
  const shutdown = false;
  request.appendBoolean(shutdown).appendTaggedFields();
  return await send(connection, { name: 'StreamsGroupHeartbeat', key: 88, version: 0 }, request, memberEpochOf);
}

const noStruct = -1;
const aStruct = 1;

/** One subtopology with source topics and nothing else. */
function appendTopology(request: Writer, topics: readonly string[]): void {
  const topologyEpoch = 0;
  request.appendInt8(aStruct).appendInt32(topologyEpoch);
  request.appendArray(['0'], (writer, subtopologyId) => {
    writer.appendString(subtopologyId);
    appendNames(writer, topics);
    const [regex, changelogs, sinks, repartitions, copartitions] = [[], [], [], [], []];
    for (const none of [regex, changelogs, sinks, repartitions, copartitions]) appendNames(writer, none);
  });
  request.appendTaggedFields();
}

function appendNames(writer: Writer, names: readonly string[] | null): Writer {
  return writer.appendArray(names && [...names], (inner, name) => inner.appendString(name), true, false);
}

/** What follows the error code in the answer to a heartbeat. */
function memberEpochOf(answer: Reader): number {
  const [_message, _memberId] = [answer.readNullableString(), answer.readNullableString()];
  return answer.readInt32();
}

/** @throws Error for an error code, which follows the throttle time in all of these answers */
async function send<T>(
  connection: Connection,
  { name, key, version }: { name: string; key: number; version: number },
  request: Writer,
  read: (answer: Reader) => T,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  connection.send<T>(
    key,
    version,
    () => request,
    (_correlationId, _key, _version, answer) => {
      const [_throttleTimeMs, errorCode] = [answer.readInt32(), answer.readInt16()];
      if (errorCode !== 0) throw new Error(`${name} was answered with error code ${errorCode}`);
      return read(answer);
    },
    true,
    true,
    (error, answer) => (error ? reject(error) : resolve(answer as T)),
  );
  return await promise;
}
