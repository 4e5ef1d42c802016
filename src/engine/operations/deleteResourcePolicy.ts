/** DeleteResourcePolicy: durable before the answer; the resource stays ACTIVE. */
import { noPolicy } from '../../kinesis/policyErrors.ts';
import type { Handler } from '../engineParts.ts';
import { findResource } from '../resources.ts';

export const deleteResourcePolicy: Handler<'DeleteResourcePolicy'> = async (engine, { input }) => {
  await engine.catalog.update(() => {
    const resource = findResource(engine, input.ResourceARN);
    if (resource.policy === '') throw noPolicy(input.ResourceARN);
    resource.checkActive();
    return [resource.changeOf({ policy: '' })];
  });
  return {};
};
