/** PutResourcePolicy: durable before the answer; the resource stays ACTIVE. */
import type { Handler } from '../engineParts.ts';
import { checkPolicy } from '../resourcePolicy.ts';
import { findResource } from '../resources.ts';

/** @source guessed: the order of the checks. */
export const putResourcePolicy: Handler<'PutResourcePolicy'> = async (engine, { input }) => {
  const { ResourceARN: arn, Policy: policy } = input;
  await engine.catalog.update(() => {
    const resource = findResource(engine, arn);
    resource.checkActive();
    checkPolicy(policy, arn);
    return [resource.changeOf({ policy })];
  });
  return {};
};
