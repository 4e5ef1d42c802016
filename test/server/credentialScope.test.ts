// Who calls: read from each header by itself, whatever header came before it.
import { describe, expect, test } from 'vitest';
import { credentialScope } from '../../src/server/credentialScope.ts';

const algorithm = 'AWS4-HMAC-SHA256';
const credential = (account: string, region = 'us-east-1'): string =>
  `Credential=${account}/20261123/${region}/kinesis/aws4_request`;
const signed = 'SignedHeaders=host;x-amz-date';

describe('credentialScope()', () => {
  test('reads account, region and key', () => {
    const header = `${algorithm} ${credential('123456789012')}, ${signed}, Signature=ab`;
    const scope = { account: '123456789012', region: 'us-east-1', accessKeyId: '123456789012' };
    expect(credentialScope(header)).toEqual(scope);
    expect(credentialScope(header.replace('Signature=ab', 'Signature=cd'))).toEqual(scope);
    expect(credentialScope(undefined)).toEqual({});
  });

  test('a region that another one begins with is not that region', () => {
    const scopeOf = (region: string) =>
      credentialScope(`${algorithm} ${credential('AKIA1', region)}, ${signed}, Signature=ab`);
    expect(scopeOf('us-west-2')).toEqual({ region: 'us-west-2', accessKeyId: 'AKIA1' });
    expect(scopeOf('us-west-20')).toEqual({ region: 'us-west-20', accessKeyId: 'AKIA1' });
  });

  test('callers whose headers begin alike are told apart, wherever the credential stands', () => {
    const scopeOf = (account: string) =>
      credentialScope(`${algorithm} ${signed}, ${credential(account)}, Signature=ab`);
    expect(scopeOf('111111111111').account).toBe('111111111111');
    expect(scopeOf('222222222222').account).toBe('222222222222');
  });

  test('a header without a credential says nothing of the next one', () => {
    expect(credentialScope(`${algorithm} ${signed}, Signature=ab`)).toEqual({});
    const header = `${algorithm} ${signed}, ${credential('333333333333')}`;
    expect(credentialScope(header).account).toBe('333333333333');
  });
});
