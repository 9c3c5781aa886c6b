/** A server without a configured public address gives links that begin with `/`. */
export function wholeLink(link: string, origin = window.location.origin): string {
  return link.startsWith("/") ? origin + link : link;
}
