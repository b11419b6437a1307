/** The tool that models call. */
export const lookup = {
  name: "lookup",
  description: "Looks a word up.",
  parameters: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
};

/** What an agent is asked for, so that the demo models call the tool as often. */
export const question = (times) => `Call lookup ${times} times`;
