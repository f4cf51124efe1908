import type { Response } from 'express';
import { PING_FRAME } from './frames.ts';

/** One answer made of server-sent events. */
export interface EventStream {
  /** False once either side has ended it. */
  readonly open: boolean;
  /** Ticks that the reader has let pass without reading. */
  readonly unreadTicks: number;
  /** Sends a frame; resolves when there is room for the next one, or none is wanted any more. */
  send(frame: string): Promise<void> | undefined;
  /** A heartbeat, unless the reader is behind anyway. */
  tick(): void;
  /** Sends a last frame and ends; with `close`, the connection too. */
  end(frame: string, options?: { close: boolean }): void;
  /** Ends without a word. */
  cut(): void;
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  // For nginx, which would else collect the answer.
  'X-Accel-Buffering': 'no',
};

export const openEventStream = (response: Response): EventStream => {
  let unreadTicks = 0;
  const isOpen = () => !response.writableEnded && !response.destroyed;
  // Silence is no fault here, and `unreadTicks` tells who has stopped reading.
  response.setTimeout(0);
  if (isOpen()) response.writeHead(200, HEADERS);
  return {
    get open() {
      return isOpen();
    },
    get unreadTicks() {
      return unreadTicks;
    },
    send(frame) {
      if (!isOpen() || response.write(frame)) return undefined;
      return new Promise((resolve) => {
        const go = () => {
          response.off('drain', go).off('close', go);
          resolve();
        };
        response.on('drain', go).on('close', go);
      });
    },
    tick() {
      if (!isOpen()) return;
      unreadTicks = response.writableNeedDrain ? unreadTicks + 1 : 0;
      if (unreadTicks === 0) response.write(PING_FRAME);
    },
    end(frame, { close } = { close: false }) {
      if (!isOpen()) return;
      const { socket } = response;
      response.end(frame, () => {
        if (close) socket?.end();
      });
    },
    cut: () => void response.destroy(),
  };
};
