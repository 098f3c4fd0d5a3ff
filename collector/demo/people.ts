import type { Chance } from './chance.ts'

/** Somebody who could be a customer of the demo shop. None of them exists. */
export interface Invented {
  name: string
  email: string
  company: string | null
  role: string | null
}

const GIVEN = {
  no: 'Ingrid Solveig Marte Astrid Eirik Sindre Håkon Jonas Tuva Nora Kristian Ola'.split(' '),
  da: 'Freja Mette Signe Astrid Rasmus Mikkel Søren Emil Karen Laura Anders Jeppe'.split(' '),
  nl: 'Sanne Femke Lotte Anouk Daan Bram Joris Thijs Marieke Ruben Willem Eva'.split(' '),
  pl: 'Agnieszka Katarzyna Zofia Magdalena Tomasz Piotr Łukasz Marek Ewa Jakub Anna Paweł'.split(' '),
  en: 'Alice Harriet Imogen Clare Thomas Edward Rory Graham Beth Owen Fiona Hugh'.split(' '),
}
const FAMILY = {
  no: 'Berg Haugen Dahl Lie Nygård Solberg Moen Strand Aasen Hovland'.split(' '),
  da: 'Jensen Holm Kjær Lund Østergaard Bruun Skov Friis Bech Thomsen'.split(' '),
  nl: 'Jansen Visser Bakker Mulder Dekker Brouwer Vermeer Hoekstra Smit Kuipers'.split(' '),
  pl: 'Nowak Wiśniewska Zieliński Kamiński Wójcik Mazur Krawczyk Dąbrowska Pawlak Król'.split(' '),
  en: 'Hartley Whitmore Fenwick Ashdown Carlisle Penrose Barlow Thorne Winslow Marsh'.split(' '),
}
type Tongue = keyof typeof GIVEN

/** Firms that furnish rooms, with the domain that their people write from. */
const FIRMS: Record<Tongue, readonly [name: string, domain: string][]> = {
  no: [
    ['Berg & Strand Arkitekter', 'bergstrand.example'],
    ['Fjordlys Interiør', 'fjordlys.example'],
    ['Hotell Nordnes', 'nordnes.example'],
    ['Kystbygg Entreprenør', 'kystbygg.example'],
  ],
  da: [
    ['Tegnestuen Kanal', 'kanal.example'],
    ['Lund Interiør', 'lundinterior.example'],
    ['Café Havnegade', 'havnegade.example'],
  ],
  nl: [
    ['Studio Noorderlicht', 'noorderlicht.example'],
    ['Bureau Waterkant', 'waterkant.example'],
    ['De Lampenier', 'lampenier.example'],
    ['Hotel Oosterpark', 'oosterpark.example'],
  ],
  pl: [
    ['Pracownia Światło', 'swiatlo.example'],
    ['Biuro Projektowe Wisła', 'bpwisla.example'],
    ['Restauracja Młyn', 'mlyn.example'],
  ],
  en: [
    ['Fenwick Lighting Design', 'fenwick.example'],
    ['Ashdown Architects', 'ashdown.example'],
    ['The Penrose Hotel', 'penrose.example'],
    ['Barlow & Co Interiors', 'barlow.example'],
  ],
}

const ROLES = ['architect', 'interior designer', 'project manager', 'purchaser', 'owner', 'lighting designer']

/** `firm`: of a company; `home`: for themselves; `student`: looking for a job or material for a paper. */
export function invent(chance: Chance, kind: 'firm' | 'home' | 'student'): Invented {
  const tongue = chance.weighted<Tongue>([
    ['no', 34],
    ['da', 20],
    ['nl', 20],
    ['en', 14],
    ['pl', 12],
  ])
  const [given, family] = [chance.one(GIVEN[tongue]), chance.one(FAMILY[tongue])]
  const [company, domain] = chance.one(FIRMS[tongue])
  const host = kind === 'firm' ? domain : kind === 'student' ? 'university.example' : `mail-${tongue}.example`
  const local = kind === 'firm' ? plain(given) : `${plain(given)}.${plain(family)}${chance.whole(1, 99)}`
  return {
    name: `${given} ${family}`,
    email: `${local}@${host}`,
    company: kind === 'firm' ? company : null,
    role: kind === 'firm' ? chance.one(ROLES) : kind === 'student' ? 'student' : null,
  }
}

/** In letters of an address. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('å', 'a')
    .replaceAll('ł', 'l')
    .normalize('NFD')
    .replaceAll(/[^a-z]/g, '')
