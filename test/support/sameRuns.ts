// Property tests do the same runs each time, so that a change is what fails them; with PROPERTY_RUNS they go by chance.
import fc from 'fast-check';

if (process.env.PROPERTY_RUNS === undefined) fc.configureGlobal({ seed: 20261129 });
