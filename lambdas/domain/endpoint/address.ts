import ipaddr from 'ipaddr.js';

// Sources: IANA "IPv4 Special-Purpose Address Registry" and "IPv6 Special-Purpose Address Registry" (RFC 6890), IANA
// IPv4 multicast (RFC 5771) and reserved (RFC 1112 §4) space. Every block of the registries is denied, also those that
// they call globally reachable (AS112, AMT, relay anycast): no customer has an endpoint there, attackers might.
const DENIED_IPV4 = [
  '0.0.0.0/8', // "this network"; 0.0.0.0 reaches the local host
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared by carriers (CGNAT); metadata of one cloud
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local: metadata, and Lambda's runtime API
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relay anycast, deprecated
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and limited broadcast
  '168.63.129.16/32', // Azure's host agent: no registry entry, but it answers inside that cloud
].map((block) => ipaddr.IPv4.parseCIDR(block));

// Global unicast is all that IANA has given out; what it names inside is denied again: 2001::/23 holds Teredo, ORCHID,
// benchmarking and the protocol anycasts, 2002::/16 is 6to4. NAT64 (64:ff9b::/96), ::/96 and the rest lie outside.
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');
const DENIED_IPV6 = [
  '2001::/23', // protocol assignments
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: an IPv4 address in disguise
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
].map((block) => ipaddr.IPv6.parseCIDR(block));

const OCTET = '(?:0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])';
// The library also reads `127.1`, `0x7f000001` and zones; a resolver hands out none of them, so they are refused first.
const DOTTED_IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const PLAIN_IPV6 = new RegExp(`^[0-9a-f:]{2,39}$|^[0-9a-f:]{2,30}:${OCTET}(?:\\.${OCTET}){3}$`, 'i');

/**
 * Whether the sender may connect to this address: a public IPv4 or IPv6 literal without zone, brackets or port.
 * An IPv4-mapped IPv6 address is judged by the IPv4 address in it. Anything that is no address is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (DOTTED_IPV4.test(address)) return isPublicIpv4(ipaddr.IPv4.parse(address));
  if (!PLAIN_IPV6.test(address) || !ipaddr.IPv6.isValid(address)) return false;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return isPublicIpv4(parsed.toIPv4Address());
  return parsed.match(GLOBAL_IPV6) && !DENIED_IPV6.some((block) => parsed.match(block));
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return !DENIED_IPV4.some((block) => address.match(block));
}
