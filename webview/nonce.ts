/**
 * Lets the toolkit's one `<style>` element carry the page's nonce, so that a strict content security
 * policy has nothing to report. Must be imported before the toolkit, and run with the script itself.
 */

const { nonce } = (document.currentScript ?? {}) as HTMLScriptElement;
if (nonce && !document.querySelector('meta[property="csp-nonce"]')) {
  const meta = document.createElement('meta');
  meta.setAttribute('property', 'csp-nonce');
  meta.content = nonce;
  document.head.append(meta);
}
