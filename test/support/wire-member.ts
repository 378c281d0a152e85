import { joinGroupV9, leaveGroupV5, syncGroupV5 } from '@platformatic/kafka';
import { connectedToCoordinator } from './wire.ts';

export interface WireMemberOptions {
  readonly groupInstanceId: string;
  /** What it says of itself, and what assignors choose by: any bytes. */
  readonly subscription: Buffer;
  /** Default `consumer`. */
  readonly protocolType?: string;
  /** The assignor that it knows (default `range`). */
  readonly protocolName?: string;
  /** Set where the member comes back: as whom the group knows it. Otherwise it gets a new ID. */
  readonly memberId?: string;
}

/** It sends no heartbeats: longer than any test. */
const sessionMs = 300_000;

/**
 * A member of a classic group that does only what a test has it do. A static one (KIP-345), which may join without asking for its ID
 * first. It stays until it leaves, or its session ends.
 */
export class WireMember {
  readonly groupId: string;
  readonly memberId: string;
  /** The generation that it joined. */
  readonly generationId: number;
  readonly #bootstrapServers: string;
  readonly #options: WireMemberOptions;

  private constructor(bootstrapServers: string, groupId: string, options: WireMemberOptions, joined: Joined) {
    this.groupId = groupId;
    this.memberId = joined.memberId;
    this.generationId = joined.generationId;
    this.#bootstrapServers = bootstrapServers;
    this.#options = options;
  }

  /** Resolves when all members of the group have joined the new generation: until it syncs, the group is CompletingRebalance. */
  static async join(bootstrapServers: string, groupId: string, options: WireMemberOptions): Promise<WireMember> {
    const { groupInstanceId, subscription, memberId = '' } = options;
    await using connection = await connectedToCoordinator(bootstrapServers, groupId);
    const protocols = [{ name: options.protocolName ?? 'range', metadata: subscription }];
    const [type, rebalanceMs] = [options.protocolType ?? 'consumer', sessionMs];
    const joined = await joinGroupV9.api.async(
      connection,
      groupId,
      sessionMs,
      rebalanceMs,
      memberId,
      groupInstanceId,
      type,
      protocols,
    );
    return new WireMember(bootstrapServers, groupId, options, joined);
  }

  /** Ends the rebalance. @param assignment as the leader: what it gives itself; nothing to any other */
  async sync(assignment?: Buffer): Promise<void> {
    const { groupInstanceId, protocolType = 'consumer', protocolName = 'range' } = this.#options;
    const assignments = assignment === undefined ? [] : [{ memberId: this.memberId, assignment }];
    await using connection = await connectedToCoordinator(this.#bootstrapServers, this.groupId);
    const { groupId, generationId, memberId } = this;
    await syncGroupV5.api.async(
      connection,
      groupId,
      generationId,
      memberId,
      groupInstanceId,
      protocolType,
      protocolName,
      assignments,
    );
  }

  /** Leaves for good, although it is static: the group rebalances at once. */
  async leave(): Promise<void> {
    const { groupInstanceId } = this.#options;
    await using connection = await connectedToCoordinator(this.#bootstrapServers, this.groupId);
    await leaveGroupV5.api.async(connection, this.groupId, [{ memberId: this.memberId, groupInstanceId }]);
  }
}

interface Joined {
  memberId: string;
  generationId: number;
}
