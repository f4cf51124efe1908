/** A URL's beginning with its login, its hosts, and the rest. */
const PARTS = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/i;
const HOST = /^(\[[\da-f:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/i;
const WANTED = 'read-write';

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'];
const nth = (index: number): string => ORDINALS[index] ?? `${index + 1}th`;

const partsOf = (url: string) => {
  const [, login = '', hosts = '', rest = ''] = PARTS.exec(url) ?? [];
  return { login, hosts: hosts.split(','), rest };
};

/** Host and port, by which two spellings of one place are the same; null for what names none. */
const placeOf = (host: string): string | null => {
  const [, name, port = '5432'] = HOST.exec(host) ?? [];
  return name && Number(port) > 0 && Number(port) < 65_536 ? `${name.toLowerCase()}:${Number(port)}` : null;
};

const queryOf = (rest: string) => new URLSearchParams(rest.split('#')[0]?.split('?')[1] ?? '');

/** What is wrong with a database URL that names several hosts, each to be read after the setting's name and without a value. */
export const hostListFaults = (url: string): string[] => {
  const { hosts, rest } = partsOf(url);
  if (hosts.length < 2) return [];
  const places = hosts.map(placeOf);
  const faults = places.flatMap((place, index) => {
    if (place === null) return [`names a ${nth(index)} host that is not like name:5432`];
    const first = places.indexOf(place);
    return first < index ? [`names its ${nth(first)} host again as the ${nth(index)}`] : [];
  });
  const wanted = queryOf(rest).get('target_session_attrs') ?? WANTED;
  return wanted === WANTED ? faults : [...faults, `must say target_session_attrs=${WANTED} or leave it out`];
};

/** The URL of each host that a database URL names, in its order; one with a single host as it is. */
export const hostUrls = (url: string): string[] => {
  const { login, hosts, rest } = partsOf(url);
  if (hosts.length < 2) return [url];
  const [path = ''] = rest.split(/[?#]/);
  const query = queryOf(rest);
  query.delete('target_session_attrs');
  const more = query.size > 0 ? `?${query}` : '';
  return hosts.map((host) => `${login}${host}${path}${more}`);
};
