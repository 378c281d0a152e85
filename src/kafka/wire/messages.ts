import {
  apiVersionsV3,
  consumerGroupDescribeV0,
  describeClusterV0,
  describeClusterV1,
  describeConfigsV4,
  describeGroupsV5,
  describeLogDirsV4,
  describeQuorumV1,
  describeQuorumV2,
  describeTopicPartitionsV0,
  listGroupsV4,
  listGroupsV5,
  listPartitionReassignmentsV0,
  metadataV12,
  Reader,
  ResponseError,
  Writer,
} from '@platformatic/kafka';
import {
  decodeListOffsets,
  encodeListOffsets,
  type ListOffsetsResponse,
  type ListOffsetsTopic,
} from './list-offsets-codec.ts';
import { decodeOffsetFetch, encodeOffsetFetch, type OffsetFetchResponse } from './offset-fetch-codec.ts';

/** One version of one Kafka API: how its request is written and its answer read. Error codes stay in the answer as data. */
interface Codec<Args extends readonly unknown[], Response> {
  encode(...args: Args): Writer;
  decode(bytes: Buffer): Response;
}

/** A Kafka API in the versions that we speak; all of them flexible (KIP-482). */
export interface Message<Args extends readonly unknown[], Response> {
  /** Kafka's name, as in `OffsetFetch`. */
  api: string;
  key: number;
  versions: ReadonlyMap<number, Codec<Args, Response>>;
  /** ApiVersions alone answers without tags in the header, so that brokers of any age can. */
  tagsInResponseHeader: boolean;
}

/** What a message is answered with. */
export type ResponseOf<M> = M extends Message<infer _Args, infer Response> ? Response : never;

interface LibraryModule<Response> {
  parseResponse(correlationId: number, apiKey: number, apiVersion: number, reader: Reader): Response;
  api: { key: number; version: number };
}

/** The library's codec. It throws an answer that has an error code anywhere in it: we take the answer itself. */
function fromLibrary<Args extends readonly unknown[], Response>(
  module: LibraryModule<Response>,
  encode: (...args: Args) => Writer,
): [number, Codec<Args, Response>] {
  const { key, version } = module.api;
  const decode = (bytes: Buffer): Response => {
    try {
      return module.parseResponse(0, key, version, Reader.from(bytes));
    } catch (error) {
      if (error instanceof ResponseError && 'response' in error) return error.response as Response;
      throw error;
    }
  };
  return [version, { encode, decode }];
}

function message<Args extends readonly unknown[], Response>(
  api: string,
  key: number,
  versions: readonly [number, Codec<Args, Response>][],
): Message<Args, Response> {
  return { api, key, versions: new Map(versions), tagsInResponseHeader: true };
}

export const apiVersions = {
  ...message('ApiVersions', 18, [fromLibrary(apiVersionsV3, apiVersionsV3.createRequest)]),
  tagsInResponseHeader: false,
};

type MetadataResponse = ReturnType<typeof metadataV12.parseResponse>;
/** `topics`: null = all topics, an empty list = brokers only. `withOperations`: what we are authorized to do with each (KIP-430). */
export const metadata = message<[topics: readonly string[] | null, withOperations?: boolean], MetadataResponse>(
  'Metadata',
  3,
  [
    fromLibrary(metadataV12, (topics: readonly string[] | null, withOperations = false) => {
      const mayCreate = false;
      return metadataV12.createRequest(topics && [...topics], mayCreate, withOperations);
    }),
  ],
);

/** Where a page of partitions begins. */
export interface PartitionCursor {
  topicName: string;
  partitionIndex: number;
}

/** All topics, in pages of so many partitions (KIP-966). */
export const describeTopicPartitions = message('DescribeTopicPartitions', 75, [
  fromLibrary(describeTopicPartitionsV0, (partitionsAPage: number, cursor: PartitionCursor | null) =>
    describeTopicPartitionsV0.createRequest([], partitionsAPage, cursor ?? undefined),
  ),
]);

const brokerEndpoints = 1;
/** With the operations that we are authorized to (KIP-430). */
export const describeCluster = message('DescribeCluster', 60, [
  fromLibrary(describeClusterV1, () => describeClusterV1.createRequest(true, brokerEndpoints)),
  fromLibrary(describeClusterV0, () => describeClusterV0.createRequest(true, brokerEndpoints)),
]);

export const listPartitionReassignments = message('ListPartitionReassignments', 46, [
  fromLibrary(listPartitionReassignmentsV0, (timeoutMs: number) =>
    listPartitionReassignmentsV0.createRequest(timeoutMs, null),
  ),
]);

/** Kafka's ConfigResource.Type. */
export const resourceType = { topic: 2, broker: 4 } as const;
type ResourceType = (typeof resourceType)[keyof typeof resourceType];

export const describeConfigs = message('DescribeConfigs', 32, [
  fromLibrary(describeConfigsV4, (type: ResourceType, names: readonly string[], keys: readonly string[]) =>
    describeConfigsV4.createRequest(
      names.map((name) => ({ resourceType: type, resourceName: name, configurationKeys: [...keys] })),
    ),
  ),
]);

/** Of all partitions. */
export const describeLogDirs = message('DescribeLogDirs', 35, [
  fromLibrary(describeLogDirsV4, () => describeLogDirsV4.createRequest(null)),
]);

/** The partition of the metadata log (KIP-595). */
const metadataLog = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
/** Version 1 tells when voters fetched last (KIP-836, Kafka 3.3), version 2 their directories too (KIP-853). */
export const describeQuorum = message<[], ReturnType<typeof describeQuorumV1.parseResponse>>('DescribeQuorum', 55, [
  fromLibrary(describeQuorumV2, () => describeQuorumV2.createRequest(metadataLog)),
  fromLibrary(describeQuorumV1, () => describeQuorumV1.createRequest(metadataLog)),
]);

/** Version 4 (KIP-518) tells no type of group; version 5 (KIP-848) does. */
export const listGroups = message<[], ReturnType<typeof listGroupsV4.parseResponse>>('ListGroups', 16, [
  fromLibrary(listGroupsV5, () => listGroupsV5.createRequest([], [])),
  fromLibrary(listGroupsV4, () => listGroupsV4.createRequest([], [])),
]);

export const describeGroups = message('DescribeGroups', 15, [
  fromLibrary(describeGroupsV5, (groupIds: readonly string[]) => describeGroupsV5.createRequest([...groupIds], false)),
]);

export const consumerGroupDescribe = message('ConsumerGroupDescribe', 69, [
  fromLibrary(consumerGroupDescribeV0, (groupIds: readonly string[]) =>
    consumerGroupDescribeV0.createRequest([...groupIds], false),
  ),
]);

const asWriter = (bytes: Buffer): Writer => Writer.create().append(bytes);

export const offsetFetch = message<[groupIds: readonly string[]], OffsetFetchResponse>(
  'OffsetFetch',
  9,
  [9, 8].map((version) => [
    version,
    { encode: (groupIds) => asWriter(encodeOffsetFetch(version, groupIds)), decode: decodeOffsetFetch },
  ]),
);

export const listOffsets = message<[isolationLevel: number, topics: readonly ListOffsetsTopic[]], ListOffsetsResponse>(
  'ListOffsets',
  2,
  [9, 8, 7].map((version) => [
    version,
    {
      encode: (isolationLevel, topics) => asWriter(encodeListOffsets(isolationLevel, topics)),
      decode: decodeListOffsets,
    },
  ]),
);
