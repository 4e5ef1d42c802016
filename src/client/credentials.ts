/** Where an AWS connection's credentials come from: a profile of ~/.aws, or the default chain. */
import { fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { messageOf } from '../base/errors.ts';
import type { AwsConnection } from '../protocol/connection.ts';
import { Transport } from './transport.ts';

type Provider = ReturnType<typeof fromIni>;

/** Said alike of a renewal that was refused, and of one that reached nobody or was tried a moment ago. */
const tellsNoReason = /^Token is expired\./;
const silenceMsMax = 8_000;

/** Carries the calls that renew credentials, and knows whether the last one reached anybody. */
class Renewals extends Transport {
  lost: unknown;

  override async handle(...call: Parameters<Transport['handle']>): ReturnType<Transport['handle']> {
    try {
      const answer = await super.handle(...call);
      this.lost = undefined;
      return answer;
    } catch (thrown) {
      this.lost = thrown;
      throw thrown;
    }
  }
}

/** One for all connections, since one renewal of the SDK's serves all of them. */
const renewals = new Renewals(silenceMsMax);

/** Reads nothing until the first call; secrets stay inside the SDK. */
export function credentialsFor(spec: AwsConnection): Provider {
  const options = { ignoreCache: true, clientConfig: { requestHandler: renewals } };
  const provider =
    spec.profile === undefined
      ? fromNodeProviderChain(options)
      : fromIni({ ...options, profile: spec.profile });
  return async (properties) => {
    try {
      return await provider(properties);
    } catch (thrown) {
      const isLost = renewals.lost !== undefined && tellsNoReason.test(messageOf(thrown));
      throw isLost ? Object.assign(thrown as Error, { cause: renewals.lost }) : thrown;
    }
  };
}
