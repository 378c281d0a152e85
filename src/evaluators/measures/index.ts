/** The measures: loops over columns that turn history into the quantities of a Report. */
export { type MeasureSettings, measureSettings } from './settings.ts';
