// A question that takes longer than a page may wait goes on as a study; what it finds is drawn once it is there.
import { got, sent } from "./ask.js";

const EVERY_MS = 1000;

// Gives the report, or null where nobody waits any longer or there is none to draw. ``told`` hears the study's key.
export const atLength = async (asked, told, waits) => {
  const { study } = await (await sent("/api/v1/studies", asked)).json();
  told(study);
  for (;;) {
    const stands = await got(`/api/v1/studies/${study}`);
    if (stands.failed) throw new Error(stands.rows[0].wrong);
    if (stands.drawn) return got(`/api/v1/studies/${study}/report`);
    if (stands.done) return null;
    if (!waits()) {
      await fetch(`/api/v1/studies/${study}`, { method: "DELETE" });
      return null;
    }
    await new Promise((done) => setTimeout(done, EVERY_MS));
  }
};
