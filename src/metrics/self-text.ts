import type { MetricObjectWithValues, MetricValueWithName, Registry } from 'prom-client';
import { labelText } from './labels.ts';
import { type Format, familyHeader } from './text-format.ts';

/** What a prom-client registry holds, as text. Its own text follows one format a registry; here each request may ask for another. */
export async function registryText(registry: Registry, format: Format): Promise<string> {
  const families = (await registry.getMetricsAsJSON()) as unknown as MetricObjectWithValues<
    MetricValueWithName<string>
  >[];
  return families.map((family) => familyText(family, format)).join('');
}

function familyText(family: MetricObjectWithValues<MetricValueWithName<string>>, format: Format): string {
  let text = familyHeader({ name: family.name, type: String(family.type), help: family.help }, format);
  for (const { metricName, labels, value } of family.values) {
    if (!Number.isFinite(value)) continue;
    const pairs = labelText(labels).slice(1);
    text += `${metricName ?? family.name}${pairs === '' ? '' : `{${pairs}}`} ${value}\n`;
  }
  return text;
}
