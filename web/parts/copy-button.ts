import { html } from 'htm/preact';
import { useState } from 'preact/hooks';

interface CopyProps {
  text: string;
  label: string;
  /** What is copied, for those who do not see where the button stands. */
  of: string;
}

/** Copies text. Where the browser allows no clipboard (plain http on another host) it shows the text, selected, to copy by hand. */
export function CopyButton({ text, label, of }: CopyProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'by-hand'>('idle');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      setState('by-hand');
    }
  };
  return html`
    <button type="button" class="link" aria-label=${`${label}: ${of}`} onClick=${copy} onBlur=${() => state === 'copied' && setState('idle')}>
      ${state === 'copied' ? 'Copied' : label}
    </button>
    <span class="hidden" role="status">${state === 'copied' ? 'Copied.' : ''}</span>
    ${
      state === 'by-hand' &&
      html`<textarea class="by-hand" readonly rows="5" aria-label="Press Ctrl+C to copy" ref=${selectAll} onBlur=${() => setState('idle')}>${text}</textarea>`
    }
  `;
}

function selectAll(area: HTMLTextAreaElement | null): void {
  area?.focus();
  area?.select();
}
