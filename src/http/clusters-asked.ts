import { Type } from 'typebox';
import { TidemarkError } from '../model/errors.ts';
import type { ReportView } from '../model/report-view.ts';
import type { ClusterSlot, ReportBoard } from './report-board.ts';

/** The parameter that every route of the API has. */
export const clusterQuery = {
  cluster: Type.Optional(
    Type.String({ description: 'Name of the cluster; without it: all of them in lists, the only one elsewhere' }),
  ),
};

/** The clusters that a list is about: the one that is named, else all. */
export function slotsAsked(board: ReportBoard, cluster: string | undefined): readonly ClusterSlot[] {
  return cluster === undefined ? board.slots : [slotNamed(board, cluster)];
}

/** Reports of those clusters that have one. */
export function viewsAsked(board: ReportBoard, cluster: string | undefined): readonly ReportView[] {
  return slotsAsked(board, cluster).flatMap(({ view }) => (view === null ? [] : [view]));
}

/** The cluster that an answer about one thing is about. */
export function slotAsked(board: ReportBoard, cluster: string | undefined): ClusterSlot {
  if (cluster !== undefined) return slotNamed(board, cluster);
  const [only, ...others] = board.slots;
  if (only === undefined) throw new TidemarkError('request.not-found', 'No cluster is watched.');
  if (others.length > 0) {
    throw new TidemarkError(
      'request.invalid',
      `Several clusters are watched: say which (${namesOf(board)}) by ?cluster=.`,
    );
  }
  return only;
}

/** Its report; an error with the cluster's problem where there is none yet. */
export function viewAsked(board: ReportBoard, cluster: string | undefined): ReportView {
  const slot = slotAsked(board, cluster);
  if (slot.view !== null) return slot.view;
  const why = slot.problem === null ? 'its first cycle has not ended' : slot.problem;
  throw new TidemarkError('upstream.unreachable', `Nothing is known of cluster "${slot.name}" yet: ${why}`);
}

function slotNamed(board: ReportBoard, cluster: string): ClusterSlot {
  const slot = board.find(cluster);
  if (slot !== undefined) return slot;
  throw new TidemarkError(
    'request.not-found',
    `No cluster "${cluster}" is watched; there is ${namesOf(board) || 'none'}.`,
  );
}

function namesOf(board: ReportBoard): string {
  return board.slots.map(({ name }) => `"${name}"`).join(', ');
}
