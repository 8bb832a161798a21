// Asking the server, one request of a kind at a time: a newer one ends the older.

const running = new Map();

export class Refused extends Error {
  constructor(problem, status) {
    super(problem.detail ?? problem.title ?? `status ${status}`);
    this.problem = problem;
    this.status = status;
    this.problems = problem.problems ?? [];
  }
}

const replied = async (reply) => {
  if (reply.ok) return reply;
  let problem = {};
  try {
    problem = await reply.json();
  } catch {
    problem = { detail: "Tenfold did not answer; is it still running?" };
  }
  throw new Refused(problem, reply.status);
};

// Raises AbortError when a newer request of the same kind took its place.
export const sent = async (address, body, kind = "") => {
  const control = new AbortController();
  if (kind) {
    running.get(kind)?.abort();
    running.set(kind, control);
  }
  const reply = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: control.signal,
  });
  return replied(reply);
};

export const stop = (kind) => running.get(kind)?.abort();

export const got = async (address, method = "GET") => (await replied(await fetch(address, { method }))).json();

export const isStale = (trouble) => trouble?.name === "AbortError";
