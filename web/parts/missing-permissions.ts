import { html } from 'htm/preact';
import { usePolled } from '../live/poll.ts';
import type { FindingsAnswer } from '../model/answers.ts';
import { findingsPath } from '../model/paths.ts';
import { CopyButton } from './copy-button.ts';
import { Mark } from './mark.ts';

interface MissingProps {
  cluster: string;
  everyMs: number;
}

/** What Kafka does not let tidemark read, and the commands that grant it; nothing where all is allowed. */
export function MissingPermissions({ cluster, everyMs }: MissingProps) {
  const findings = usePolled<FindingsAnswer>(findingsPath(cluster), everyMs).answer?.findings ?? [];
  const missing = findings.find(({ code }) => code === 'permission-missing');
  if (missing === undefined) return null;
  const commands = Array.isArray(missing.evidence.commands) ? missing.evidence.commands.join('\n') : '';
  return html`
    <p><${Mark} tone="warn" />${missing.summary}. <${CopyButton} text=${commands} label="Copy commands" of=${`what ${cluster} lacks`} /></p>
    <pre tabindex="0" aria-label=${`Commands that grant what is missing on ${cluster}`}>${commands}</pre>
  `;
}
