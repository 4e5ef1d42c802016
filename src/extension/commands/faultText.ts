/** Rules for faults in words. Pure. */
import type { FaultEffect, FaultRule } from '../../admin/faults.ts';
import { counted } from '../tree/labels.ts';

export interface EffectText {
  readonly label: string;
  readonly description: string;
}

/** What a client meets. */
export const effectTexts: Readonly<Record<FaultEffect, EffectText>> = {
  throttle: {
    label: 'Throttle',
    description: "AWS's throttling exception; in PutRecords of single records",
  },
  internalFailure: {
    label: 'Internal failure',
    description: "AWS's own failure, status 500; nothing is stored",
  },
  latency: { label: 'Latency…', description: 'the call is carried out later' },
  expiredIterator: {
    label: 'Expired iterator',
    description: 'ExpiredIteratorException of GetRecords',
  },
  dropConnection: {
    label: 'Dropped connection',
    description: 'it ends before the call is carried out',
  },
  duplicate: {
    label: 'Duplicate',
    description: 'the put is stored, but answered by a failure: who tries again stores it twice',
  },
  kms: { label: 'KMS error…', description: "an exception of AWS's key service" },
};

/** `Throttle: PutRecord of orders`, `Latency of 500 ms: every operation` */
export function faultLabel(rule: FaultRule): string {
  const { effect, operation = 'every operation', stream, shard, latencyMs, exception } = rule;
  const name = effectTexts[effect].label.replace('…', '');
  const more = latencyMs === undefined ? (exception ?? '') : `of ${latencyMs} ms`;
  const where = [stream, shard].filter(Boolean).join(', ');
  return `${[name, more].filter(Boolean).join(' ')}: ${operation}${where && ` of ${where}`}`;
}

/** `2 calls at most, 25 % of them; 1 call hit so far` */
export function faultDescription({ count, probability, hits }: FaultRule): string {
  const limits = [
    count !== undefined && `${counted(count, 'call')} at most`,
    probability < 1 && `${percentText(probability)} of them`,
  ];
  const often = limits.filter(Boolean).join(', ') || 'every call';
  return `${often.replace(/^(\S+ %) of them$/, '$1 of the calls')}; ${counted(hits, 'call')} hit so far`;
}

const percentText = (share: number): string =>
  `${(share * 100).toLocaleString('en-US', { maximumSignificantDigits: 4 })} %`;
