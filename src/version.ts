import manifest from '../package.json' with { type: 'json' };

/** Version of the package that runs. */
export const { version } = manifest;
