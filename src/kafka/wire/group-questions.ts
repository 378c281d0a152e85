import type { Clock } from '../../model/clock.ts';
import { TidemarkError } from '../../model/errors.ts';
import type { GroupCommits, GroupMember, GroupMembership, GroupType } from '../../model/snapshot.ts';
import type { Answer, GroupListing, GroupRef, ListedGroup, PortFailure } from '../port.ts';
import { AnswerTimes } from './answer-times.ts';
import type { BrokerPool } from './broker-pool.ts';
import { parseAssignment, parseSubscription } from './consumer-protocol.ts';
import { classOf, errorName, failureCode } from './error-class.ts';
import { consumerGroupDescribe, describeGroups, listGroups, offsetFetch, type ResponseOf } from './messages.ts';
import type { FetchedGroup } from './offset-fetch-codec.ts';
import type { Router } from './router.ts';
import { type Rejection, scatter } from './scatter.ts';

const groupsAnOffsetFetch = 500;
/** Members of Kafka Streams carry much user data. */
const groupsADescribe = 100;

type Ask = (brokerId: number, groupIds: readonly string[]) => Promise<readonly Rejection<string>[]>;

/** What is asked of group coordinators, and the listing of all brokers that finds the groups. */
export class GroupQuestions {
  readonly #pool: BrokerPool;
  readonly #router: Router;
  readonly #clock: Clock;

  constructor(pool: BrokerPool, router: Router, clock: Clock) {
    this.#pool = pool;
    this.#router = router;
    this.#clock = clock;
  }

  async listGroups(signal: AbortSignal): Promise<Answer<GroupListing>> {
    const times = new AnswerTimes(this.#clock);
    const routing = await this.#router.routing(signal);
    const groups: ListedGroup[] = [];
    const failures: PortFailure[] = [];
    const askOne = async (brokerId: number): Promise<void> => {
      try {
        const response = await this.#pool.ask(brokerId, listGroups, [], signal);
        times.answered(brokerId);
        if (response.errorCode !== 0) failures.push(listingFailure(brokerId, response.errorCode));
        else groups.push(...response.groups.map((group) => listedGroup(group, brokerId)));
      } catch (error) {
        if (!(error instanceof TidemarkError)) throw error;
        failures.push({ code: error.code, message: error.message, brokerId });
      }
    };
    await Promise.all(routing.brokers.map(({ brokerId }) => askOne(brokerId)));
    return times.answer({ groups, complete: failures.length === 0 && routing.everyGroupHasCoordinator }, failures);
  }

  async describeClassicGroups(
    groups: readonly GroupRef[],
    signal: AbortSignal,
  ): Promise<Answer<readonly GroupMembership[]>> {
    const value: GroupMembership[] = [];
    const ask: Ask = async (brokerId, groupIds) => {
      const response = await this.#pool.ask(brokerId, describeGroups, [groupIds], signal);
      const answered = response.groups.filter((group) => isAnswer(group.errorCode));
      value.push(...answered.map((group) => classicMembership(group, brokerId)));
      return rejectionsOf(response.groups);
    };
    return await this.#askCoordinators(describeGroups.api, groupsADescribe, groups, ask, () => value, signal);
  }

  async describeConsumerGroups(
    groups: readonly GroupRef[],
    signal: AbortSignal,
  ): Promise<Answer<readonly GroupMembership[]>> {
    const value: GroupMembership[] = [];
    const ask: Ask = async (brokerId, groupIds) => {
      const response = await this.#pool.ask(brokerId, consumerGroupDescribe, [groupIds], signal);
      const answered = response.groups.filter((group) => isAnswer(group.errorCode));
      value.push(...answered.map((group) => consumerMembership(group, brokerId)));
      return rejectionsOf(response.groups);
    };
    return await this.#askCoordinators(consumerGroupDescribe.api, groupsADescribe, groups, ask, () => value, signal);
  }

  async committedOffsets(groups: readonly GroupRef[], signal: AbortSignal): Promise<Answer<readonly GroupCommits[]>> {
    const value: GroupCommits[] = [];
    const partial: PortFailure[] = [];
    const ask: Ask = async (brokerId, groupIds) => {
      const response = await this.#pool.ask(brokerId, offsetFetch, [groupIds], signal);
      for (const group of response.groups) {
        if (!isAnswer(group.errorCode)) continue;
        value.push({ groupId: group.groupId, topics: group.topics });
        partial.push(...rejectedCommits(group));
      }
      return rejectionsOf(response.groups);
    };
    const answer = await this.#askCoordinators(offsetFetch.api, groupsAnOffsetFetch, groups, ask, () => value, signal);
    return { ...answer, failures: [...answer.failures, ...partial] };
  }

  async #askCoordinators<T>(
    api: string,
    chunk: number,
    groups: readonly GroupRef[],
    ask: Ask,
    collected: () => T,
    signal: AbortSignal,
  ): Promise<Answer<T>> {
    const times = new AnswerTimes(this.#clock);
    await this.#router.routing(signal);
    const listedBy = new Map(groups.map((group) => [group.groupId, group.listedBy]));
    const askedFirst = new Map<string, number | null>();
    const brokerOf = (groupId: string, isRetry: boolean): number | null => {
      const coordinator = this.#router.current.coordinator(groupId);
      const lister = listedBy.get(groupId) ?? null;
      if (!isRetry) askedFirst.set(groupId, coordinator);
      // It denied being the coordinator, and Metadata still says so: who listed the group may know better.
      else if (coordinator === askedFirst.get(groupId)) return lister ?? coordinator;
      return coordinator ?? lister;
    };
    const failures = await scatter(
      [...listedBy.keys()],
      {
        api,
        chunk,
        brokerOf,
        nobody: {
          code: 'upstream.no-leader',
          message: 'the partition of __consumer_offsets of these groups has no leader',
        },
        scopeOf: (groupIds) => ({ groupIds }),
        ask: async (brokerId, groupIds) => {
          const rejections = await ask(brokerId, groupIds);
          times.answered(brokerId);
          return rejections;
        },
      },
      { signal, refresh: () => this.#router.refresh(signal) },
    );
    return times.answer(collected(), failures);
  }
}

/** That there is no such group is an answer: it has neither members nor offsets. */
function isAnswer(errorCode: number): boolean {
  const errorClass = classOf(errorCode);
  return errorClass === 'none' || errorClass === 'unknown-group';
}

function rejectionsOf(groups: readonly { groupId: string; errorCode: number }[]): Rejection<string>[] {
  return groups
    .filter((group) => !isAnswer(group.errorCode))
    .map(({ groupId, errorCode }) => ({ item: groupId, errorCode }));
}

function rejectedCommits({ groupId, rejected }: FetchedGroup): PortFailure[] {
  return rejected.map(({ topic, partition, errorCode }) => ({
    code: failureCode(errorCode),
    message: `OffsetFetch of ${groupId} answered ${errorName(errorCode)} for ${topic}-${partition}`,
    groupIds: [groupId],
    topics: [{ topic, partitions: [partition] }],
  }));
}

function listingFailure(brokerId: number, errorCode: number): PortFailure {
  return {
    code: failureCode(errorCode),
    message: `broker ${brokerId} answered ${listGroups.api} with ${errorName(errorCode)}`,
    brokerId,
  };
}

type ListGroupsGroup = ResponseOf<typeof listGroups>['groups'][number];
type ClassicGroup = ResponseOf<typeof describeGroups>['groups'][number];
type ConsumerGroup = ResponseOf<typeof consumerGroupDescribe>['groups'][number];

const groupTypes: readonly GroupType[] = ['classic', 'consumer', 'share', 'streams'];

function listedGroup({ groupId, protocolType, groupState, groupType }: ListGroupsGroup, brokerId: number): ListedGroup {
  const type = groupTypes.find((known) => known === groupType?.toLowerCase()) ?? 'unknown';
  return { groupId, type, protocolType, state: groupState, listedBy: brokerId };
}

function classicMembership(group: ClassicGroup, brokerId: number): GroupMembership {
  const isConsumer = group.protocolType === 'consumer';
  return {
    groupId: group.groupId,
    type: 'classic',
    protocolType: group.protocolType,
    protocolName: group.protocolData === '' ? null : group.protocolData,
    state: group.errorCode === 0 ? group.groupState : 'Dead',
    coordinatorId: brokerId,
    epoch: null,
    members: group.members.map((member): GroupMember => {
      const subscription = isConsumer ? parseSubscription(member.memberMetadata) : null;
      return {
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId ?? null,
        clientId: member.clientId,
        clientHost: member.clientHost,
        generationId: subscription?.generationId ?? null,
        subscribedTopics: subscription?.topics ?? null,
        assignment: isConsumer ? parseAssignment(member.memberAssignment) : null,
      };
    }),
  };
}

function consumerMembership(group: ConsumerGroup, brokerId: number): GroupMembership {
  return {
    groupId: group.groupId,
    type: 'consumer',
    protocolType: 'consumer',
    protocolName: group.assignorName === '' ? null : group.assignorName,
    state: group.errorCode === 0 ? group.groupState : 'Dead',
    coordinatorId: brokerId,
    epoch: group.errorCode === 0 ? group.groupEpoch : null,
    members: group.members.map(
      (member): GroupMember => ({
        memberId: member.memberId,
        groupInstanceId: member.instanceId ?? null,
        clientId: member.clientId,
        clientHost: member.clientHost,
        generationId: null,
        // A pattern is resolved by the broker, which does not say to what.
        subscribedTopics: member.subscribedTopicRegex ? null : member.subscribedTopicNames,
        assignment: member.assignment.topicPartitions.map(({ topicName, partitions }) => ({
          topic: topicName,
          partitions,
        })),
      }),
    ),
  };
}
