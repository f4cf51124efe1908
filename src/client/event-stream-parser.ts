/** One server-sent event. */
export interface ServerSentEvent {
  /** `message` unless it was named. */
  name: string;
  data: string;
  /** The last id that was given, by this event or by one before it. */
  id: string | undefined;
}

export interface EventStreamParser {
  /** Takes in the next part of the stream, wherever it was cut, and answers the events that are whole now. */
  read(part: string): ServerSentEvent[];
}

/** Reads `text/event-stream` as the HTML standard says; comments and what is unknown are passed over. */
export const createEventStreamParser = (): EventStreamParser => {
  let rest = '';
  let name = '';
  let data: string[] = [];
  let id: string | undefined;

  const take = (line: string): ServerSentEvent[] => {
    if (line === '') {
      const event = { name: name || 'message', data: data.join('\n'), id };
      const told = data.length > 0;
      name = '';
      data = [];
      return told ? [event] : [];
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') name = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id' && !value.includes('\0')) id = value || undefined;
    return [];
  };

  return {
    read(part) {
      const lines = (rest + part).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      return lines.flatMap(take);
    },
  };
};
