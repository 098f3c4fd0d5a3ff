/** Addresses that nothing may be sent to. */
const PRIVATE = [
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '100.127.255.255',
  '169.254.169.254', // metadata of clouds
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.0.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
]

/** Every way that is known of writing an IPv4 address as the host of a URL. */
function spellings(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
  const number = ((a * 256 + b) * 256 + c) * 256 + d
  const hex = (value: number, digits = 0) => `0x${value.toString(16).padStart(digits, '0')}`
  const octal = (value: number, digits = 0) => `0${value.toString(8).padStart(digits, '0')}`
  const high = (((a << 8) | b) >>> 0).toString(16)
  const low = ((c << 8) | d).toString(16)
  const fullWidth = address.replaceAll(/\d/g, digit => String.fromCodePoint(0xff10 + Number(digit)))
  return [
    address,
    `${address}.`,
    String(number),
    hex(number),
    octal(number),
    `${a}.${b * 65_536 + c * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    [a, b, c, d].map(part => hex(part)).join('.'),
    [a, b, c, d].map(part => hex(part, 8).toUpperCase().replace('X', 'x')).join('.'),
    [a, b, c, d].map(part => octal(part)).join('.'),
    [a, b, c, d].map(part => octal(part, 10)).join('.'),
    `${hex(a)}.${octal(b)}.${c}.${d}`,
    fullWidth,
    address.replaceAll('.', '。'),
    address.replaceAll('.', '．'),
    address.replaceAll('.', '｡'),
    address.replaceAll(/./g, char => `%${char.codePointAt(0)!.toString(16)}`),
    `[::ffff:${address}]`,
    `[::ffff:${high}:${low}]`,
    `[0000:0000:0000:0000:0000:ffff:${high}:${low}]`,
    `[::${address}]`,
    `[::${high}:${low}]`,
    `[::ffff:0:${address}]`,
    `[64:ff9b::${address}]`,
    `[64:ff9b:1::${address}]`,
    `[2002:${high}:${low}::]`,
    `[2002:${high}:${low}::1]`,
    `[2001:0:0:0:0:0:${high}:${low}]`,
    `[fe80::5efe:${address}]`,
  ]
}

const OTHERS = `
  127.1 127.0.1 0 0x0 00 0.0 ①②⑦.⓪.⓪.① ⑫7.0.0.1 127.0.0.1%2e 127%2E0%2E0%2E1
  localhost LOCALHOST localhost. LocalHost ｌｏｃａｌｈｏｓｔ a.localhost a.b.localhost. loc%61lhost
  localhost.localdomain ip6-localhost metadata metadata.google.internal printer.local router.lan
  [::] [::1] [0:0:0:0:0:0:0:1] [0::1] [::0001] [::2] [::%31] [::1%25lo] [::ffff:127.1]
  [fe80::1] [fe80::1%25lo] [febf::1] [fec0::1] [fc00::1] [fd00:ec2::254] [fdff::1]
  [ff02::1] [ff0e::1] [100::1] [2001:db8::1] [2001:2::1] [2001:10::1] [3fff::1] [5f00::1]`

/** Hosts that are inside, as they are and by every trick that makes them look otherwise. */
export const HOSTS: string[] = [...new Set([...PRIVATE.flatMap(spellings), ...OTHERS.trim().split(/\s+/)])]

/** URLs of those hosts on a port, by both schemes, with what else may stand in a URL. */
export const targets = (port: number): string[] => [
  ...HOSTS.flatMap(host => [`https://${host}:${port}/`, `http://${host}:${port}/`]),
  `https://crm.example@127.0.0.1:${port}/`,
  `https://crm.example:443@127.0.0.1:${port}/`,
  `https://127.0.0.1:${port}#@crm.example/`,
  `https://127.0.0.1:${port}\\@crm.example/`,
  `https:\\\\127.0.0.1:${port}/`,
  `https:127.0.0.1:${port}/`,
  `https:////127.0.0.1:${port}/`,
  `  https://127.0.0.1:${port}/`,
  `https://127.0.\t0.1:${port}/`,
  `https://127.0.0.\n1:${port}/`,
  `https://1\u00ad27.0.0.1:${port}/`,
  `//127.0.0.1:${port}/`,
  `ftp://127.0.0.1:${port}/`,
  `gopher://127.0.0.1:${port}/_x`,
  `file:///etc/passwd`,
  `unix:///var/run/docker.sock`,
]
