import type { CaseKind } from '../case.ts';
import { faultKinds } from './faults.ts';
import { lagKinds } from './lag.ts';
import { lossKinds } from './losses.ts';
import { membershipKinds } from './membership.ts';
import { offsetKinds } from './offsets.ts';
import { quietKinds } from './quiet.ts';
import { standstillKinds } from './standstills.ts';

export { quietKinds };

/** Every kind of case. To add one: a line in its family's list. */
export const kinds: readonly CaseKind[] = [
  ...lossKinds,
  ...standstillKinds,
  ...lagKinds,
  ...offsetKinds,
  ...membershipKinds,
  ...faultKinds,
  ...quietKinds,
];
