/** GetResourcePolicy: in every state. */
import type { Handler } from '../engineParts.ts';
import { emptyPolicy } from '../resourcePolicy.ts';
import { findResource } from '../resources.ts';

export const getResourcePolicy: Handler<'GetResourcePolicy'> = async (engine, { input }) => ({
  Policy: findResource(engine, input.ResourceARN).policy || emptyPolicy,
});
