import{E as e,H as t,W as n,f as r}from"./client-BHtNyHuU.js";import{l as i}from"./Empty-BFzAsUdL.js";import{t as a}from"./Tabs-Cl2ezDw6.js";import{t as o}from"./CopyButton-BdS3-op4.js";import{t as s}from"./requestId-DMbUeAel.js";function c(){let e;return t=>{let n=JSON.stringify(t);return e?.text!==n&&(e={text:n,id:s()}),e.id}}var l=n(t(),1),u={panel:`_panel_1iiwl_1`,secret:`_secret_1iiwl_11`},d={snippet:`_snippet_cue3k_1`,about:`_about_cue3k_8`,code:`_code_cue3k_14`};function f(e){return[m(e),h(e),g(e),_(e)]}var p=({secret:e})=>`export BURSAR_API_KEY='${e??`bsr_…`}'`,m=e=>({key:`curl`,title:`curl`,language:`sh`,about:`Asks Bursar whether the key may make a call now. BURSAR_TOKEN is an access token of this organization, such as that of your gateway.`,text:`${p(e)}
curl -sS '${e.origin}/graphql' \\
  -H "Authorization: Bearer $BURSAR_TOKEN" -H 'Content-Type: application/json' \\
  -d @- <<JSON
{"query": "query(\\$input: CheckUsageInput!) { checkUsage(input: \\$input) { allowed httpStatus denials { reason message } } }",
 "variables": {"input": {"secret": "$BURSAR_API_KEY", "estimate": {"tokens": 1000}}}}
JSON
`}),h=e=>({key:`python`,title:`OpenAI SDK, Python`,language:`python`,about:`Presents the key to your gateway, which must speak OpenAI's API and ask Bursar (see "Gateway"). GATEWAY_URL is its address, such as https://gateway.example/v1. Run ${p(e)} first.`,text:`import os
from openai import OpenAI

client = OpenAI(base_url=os.environ["GATEWAY_URL"], api_key=os.environ["BURSAR_API_KEY"])
completion = client.chat.completions.create(
    model="gpt-4.1-mini",
    messages=[{"role": "user", "content": "Hello"}],
)
print(completion.choices[0].message.content)
`}),g=e=>({key:`node`,title:`OpenAI SDK, Node.js`,language:`javascript`,about:`Presents the key to your gateway, which must speak OpenAI's API and ask Bursar (see "Gateway"). GATEWAY_URL is its address, such as https://gateway.example/v1. Run ${p(e)} first.`,text:`import OpenAI from "openai";

const client = new OpenAI({ baseURL: process.env.GATEWAY_URL, apiKey: process.env.BURSAR_API_KEY });
const completion = await client.chat.completions.create({
  model: "gpt-4.1-mini",
  messages: [{ role: "user", content: "Hello" }],
});
console.log(completion.choices[0].message.content);
`}),_=({origin:e})=>({key:`gateway`,title:`Gateway`,language:`javascript`,about:`What a gateway does around each call: it reserves an upper bound, calls the provider, and records what was used. BURSAR_TOKEN is an access token of the role GATEWAY. Node.js, no packages.`,text:`import { randomUUID } from "node:crypto";

async function bursar(query, input) {
  const response = await fetch("${e}/graphql", {
    method: "POST",
    headers: { Authorization: \`Bearer \${process.env.BURSAR_TOKEN}\`, "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return data;
}

/** Calls \`provider\` if the caller's key may spend the estimate; \`provider\` returns { answer, usage }. */
export async function govern(secret, estimate, provider) {
  const requestId = randomUUID();
  const { reserveUsage } = await bursar(
    \`mutation($input: ReserveUsageInput!) {
      reserveUsage(input: $input) { reservation { id } decision { allowed httpStatus retryAfterSeconds denials { message } } }
    }\`,
    { secret, requestId, estimate },
  );
  if (!reserveUsage.decision.allowed) return { status: reserveUsage.decision.httpStatus, denied: reserveUsage.decision };
  const reservationId = reserveUsage.reservation.id;
  let called;
  try {
    called = await provider();
  } catch (error) {
    await bursar(\`mutation($input: ReleaseReservationInput!) { releaseReservation(input: $input) { reservation { status } } }\`, { reservationId });
    throw error;
  }
  await bursar(\`mutation($input: RecordUsageInput!) { recordUsage(input: $input) { usageEvent { id } } }\`, {
    reservationId, requestId, ...called.usage,
  });
  return { status: 200, answer: called.answer };
}

// The key as a caller presented it: Authorization: Bearer bsr_…
const outcome = await govern(process.env.BURSAR_API_KEY, { tokens: 1800, cost: "0.01" }, async () => ({
  answer: "the provider's answer",
  usage: { inputTokens: 1200, outputTokens: 310, cost: "0.00191", provider: "openai", model: "gpt-4.1-mini" },
}));
console.log(outcome);
`}),v=e();function y({secret:e}){let t=(0,l.useMemo)(()=>f({origin:window.location.origin,secret:e}),[e]),[n,r]=(0,l.useState)(`curl`);return(0,v.jsx)(a,{label:`Ways to use the key`,value:n,onChange:r,tabs:t.map(e=>({value:e.key,label:e.title,content:(0,v.jsxs)(`div`,{className:d.snippet,children:[(0,v.jsx)(`p`,{className:d.about,children:e.about}),(0,v.jsx)(`pre`,{className:d.code,tabIndex:0,"aria-label":`${e.title}, code`,children:(0,v.jsx)(`code`,{children:e.text})}),(0,v.jsx)(`div`,{children:(0,v.jsx)(o,{text:e.text,label:`Copy code`})})]})}))})}function b({secret:e,message:t,children:n}){let a=(0,l.useRef)(null);return(0,l.useEffect)(()=>a.current?.focus(),[]),e?(0,v.jsxs)(v.Fragment,{children:[(0,v.jsx)(i,{children:(0,v.jsxs)(`div`,{className:u.panel,children:[(0,v.jsx)(`h2`,{ref:a,tabIndex:-1,children:`Copy the secret now`}),(0,v.jsx)(`p`,{children:`It is shown this once. Bursar keeps only a hash of it: whoever loses it rotates the key.`}),(0,v.jsxs)(`div`,{className:u.secret,children:[(0,v.jsx)(`code`,{"data-testid":`secret`,children:e}),(0,v.jsx)(o,{text:e,label:`Copy secret`})]})]})}),(0,v.jsx)(i,{title:`Use it`,children:(0,v.jsx)(y,{secret:e})})]}):(0,v.jsxs)(r,{tone:`warning`,title:`The key was made, but its secret reached nobody`,children:[(0,v.jsx)(`p`,{children:t}),n]})}export{y as n,c as r,b as t};