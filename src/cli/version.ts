/** The version of this package, written in by the build. */
export const version: string = process.env.SHARDSCOPE_VERSION ?? '0.0.0-source';
