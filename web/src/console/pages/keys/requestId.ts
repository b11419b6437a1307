import { newRequestId } from "../../app/requestId";

/**
 * The request id of an input: the same for as long as the input is, so that a call whose answer was lost can be sent again without being
 * made twice; another one for another input.
 */
export function requestIds(): (input: object) => string {
  let last: { text: string; id: string } | undefined;
  return (input) => {
    const text = JSON.stringify(input);
    if (last?.text !== text) last = { text, id: newRequestId() };
    return last.id;
  };
}
