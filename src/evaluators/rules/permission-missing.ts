import { Type } from 'typebox';
import { aclCommands, type MissingPermission, missingPermissions } from '../../model/permissions.ts';
import { clear, defineRule, hysteresis, unread } from '../rule.ts';
import { countOf } from '../wording.ts';

/** As many as a page can list; the rest are counted. */
const listedAtMost = 20;

export const permissionMissing = defineRule({
  code: 'permission-missing',
  subject: 'cluster',
  severity: 'info',
  thresholds: Type.Object(hysteresis({ because: 'brokers learn of a change of rules one by one' })),
  doc: {
    meaning:
      'Kafka does not let tidemark read a part of the cluster. What it may not see it cannot judge, and without Describe on CLUSTER nothing absent counts as gone.',
    source:
      'Authorized operations of the cluster and of topics (KIP-430), and what Kafka answers with …_AUTHORIZATION_FAILED.',
    advice:
      'Paste the commands of the evidence, as a principal that may alter ACLs. Where tidemark is meant to see only a part, leave it, and mute this finding by a policy.',
  },
  judge({ permissions: told, collectors, address }) {
    const permissions = told?.age === 'stale' ? null : told;
    const missing = missingPermissions({ permissions, collectors });
    if (missing.length > 0) {
      const grantee = { principal: permissions?.principal ?? null, bootstrapServer: address };
      const listed = missing.map(({ names, ...one }) => ({
        ...one,
        count: names.length,
        names: names.slice(0, listedAtMost),
      }));
      return {
        is: 'raise',
        evidence: { missing: listed, principal: grantee.principal, commands: aclCommands(missing, grantee) },
      };
    }
    return permissions === null ? unread('permissions') : clear();
  },
  summary({ missing }) {
    return `tidemark may not read all of the cluster: it lacks ${missing.map(worded).join(', ')}`;
  },
});

function worded({ resource, operation, names, count, hidesOthers }: MissingPermission & { count: number }): string {
  if (resource === 'cluster') return `${operation} on CLUSTER`;
  if (count === 0) return `${operation} on ${resource}s that Kafka hides`;
  const named = count === 1 ? `${resource} ${names[0]}` : countOf(count, resource);
  return `${operation} on ${named}${hidesOthers ? ' and whatever else Kafka hides' : ''}`;
}
