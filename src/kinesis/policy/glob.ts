/** Texts against patterns with `*` and `?`, as policies write them. Its cost is bounded for any pattern. */

/** `*`: any characters, `?`: one. */
export function matchesGlob(text: string, pattern: string): boolean {
  let [at, from] = [0, 0];
  let [star, retry] = [-1, 0];
  while (at < text.length) {
    if (pattern[from] === '*') {
      star = from++;
      retry = at;
    } else if (from < pattern.length && (pattern[from] === '?' || pattern[from] === text[at])) {
      at++;
      from++;
    } else if (star >= 0) {
      from = star + 1;
      at = ++retry;
    } else return false;
  }
  while (pattern[from] === '*') from++;
  return from === pattern.length;
}

const segmentCount = 6;

/** Part by part: a wildcard does not reach over a colon but in the last part. @source documented */
export function matchesArn(arn: string, pattern: string): boolean {
  if (pattern === '*') return true;
  const [texts, patterns] = [segmentsOf(arn), segmentsOf(pattern)];
  if (texts.length !== segmentCount || patterns.length !== segmentCount) return false;
  return patterns.every((part, place) => matchesGlob(texts[place]!, part));
}

/** `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`, whose last part may hold colons. */
function segmentsOf(arn: string): string[] {
  const parts = arn.split(':');
  const resource = parts.slice(segmentCount - 1).join(':');
  return parts.length < segmentCount ? parts : [...parts.slice(0, segmentCount - 1), resource];
}
