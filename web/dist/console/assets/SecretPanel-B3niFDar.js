import{E as e,H as t,W as n,f as r}from"./client-cJGTPV32.js";import{l as i}from"./Empty-CBEc-Owk.js";import{t as a}from"./Tabs-C2h44Lki.js";import{M as o}from"./console-CJ7FjyvD.js";import{t as s}from"./CopyButton-CM05ZQYB.js";import{t as c}from"./requestId-DMbUeAel.js";function l(){let e;return t=>{let n=JSON.stringify(t);return e?.text!==n&&(e={text:n,id:c()}),e.id}}var u=n(t(),1),d={panel:`_panel_1iiwl_1`,secret:`_secret_1iiwl_11`},f={snippet:`_snippet_cue3k_1`,about:`_about_cue3k_8`,code:`_code_cue3k_14`};function p(e){return[v(e),x(e),S(e),b(e),C(e)]}var m=({gatewayUrl:e})=>e===void 0?`https://gateway.example/v1`:`${e}/v1`,h=({model:e})=>e??`gpt-4.1-mini`,g=e=>`export OPENAI_BASE_URL='${m(e)}' OPENAI_API_KEY='${e.secret??`bsr_…`}'`,_=e=>`Calls a model through the gateway, as any program with this SDK does once these variables are set: ${g(e)}${e.gatewayUrl===void 0?`; put the address of your gateway in`:``}`,v=e=>({key:`call`,title:`curl`,language:`sh`,about:`Calls a model through the gateway, which asks Bursar first and books what was used. SDKs of Anthropic and Google take the same address without /v1, and the same key.${e.gatewayUrl===void 0?` Put the address of your gateway in.`:``}`,text:`${g(e)}
curl -sS "$OPENAI_BASE_URL/chat/completions" -H "Authorization: Bearer $OPENAI_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '{"model": "${h(e)}", "messages": [{"role": "user", "content": "Hello"}]}'
`}),y=({secret:e})=>`export BURSAR_API_KEY='${e??`bsr_…`}'`,b=e=>({key:`curl`,title:`Check, curl`,language:`sh`,about:`Asks Bursar whether the key may make a call now. BURSAR_TOKEN is an access token of this organization, such as that of your gateway.`,text:`${y(e)}
curl -sS '${e.origin}/graphql' \\
  -H "Authorization: Bearer $BURSAR_TOKEN" -H 'Content-Type: application/json' \\
  -d @- <<JSON
{"query": "query(\\$input: CheckUsageInput!) { checkUsage(input: \\$input) { allowed httpStatus denials { reason message } } }",
 "variables": {"input": {"secret": "$BURSAR_API_KEY", "estimate": {"tokens": 1000}}}}
JSON
`}),x=e=>({key:`python`,title:`OpenAI SDK, Python`,language:`python`,about:_(e),text:`from openai import OpenAI

client = OpenAI()
completion = client.chat.completions.create(
    model="${h(e)}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(completion.choices[0].message.content)
`}),S=e=>({key:`node`,title:`OpenAI SDK, Node.js`,language:`javascript`,about:_(e),text:`import OpenAI from "openai";

const client = new OpenAI();
const completion = await client.chat.completions.create({
  model: "${h(e)}",
  messages: [{ role: "user", content: "Hello" }],
});
console.log(completion.choices[0].message.content);
`}),C=({origin:e})=>({key:`gateway`,title:`A gateway of your own`,language:`javascript`,about:`What a gateway does around each call: it reserves an upper bound, calls the provider, and records what was used. BURSAR_TOKEN is an access token of the role GATEWAY. Node.js, no packages.`,text:`import { randomUUID } from "node:crypto";

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
`}),w=e();function T({secret:e}){let t=o(),n=(0,u.useMemo)(()=>p({origin:window.location.origin,secret:e,gatewayUrl:t?.gatewayUrl,model:t?.model}),[e,t]),[r,i]=(0,u.useState)(`call`);return(0,w.jsx)(a,{label:`Ways to use the key`,value:r,onChange:i,tabs:n.map(e=>({value:e.key,label:e.title,content:(0,w.jsxs)(`div`,{className:f.snippet,children:[(0,w.jsx)(`p`,{className:f.about,children:e.about}),(0,w.jsx)(`pre`,{className:f.code,tabIndex:0,"aria-label":`${e.title}, code`,children:(0,w.jsx)(`code`,{children:e.text})}),(0,w.jsx)(`div`,{children:(0,w.jsx)(s,{text:e.text,label:`Copy code`})})]})}))})}function E({secret:e,message:t,children:n}){let a=(0,u.useRef)(null);return(0,u.useEffect)(()=>a.current?.focus(),[]),e?(0,w.jsxs)(w.Fragment,{children:[(0,w.jsx)(i,{children:(0,w.jsxs)(`div`,{className:d.panel,children:[(0,w.jsx)(`h2`,{ref:a,tabIndex:-1,children:`Copy the secret now`}),(0,w.jsx)(`p`,{children:`It is shown this once. Bursar keeps only a hash of it: whoever loses it rotates the key.`}),(0,w.jsxs)(`div`,{className:d.secret,children:[(0,w.jsx)(`code`,{"data-testid":`secret`,children:e}),(0,w.jsx)(s,{text:e,label:`Copy secret`})]})]})}),(0,w.jsx)(i,{title:`Use it`,children:(0,w.jsx)(T,{secret:e})})]}):(0,w.jsxs)(r,{tone:`warning`,title:`The key was made, but its secret reached nobody`,children:[(0,w.jsx)(`p`,{children:t}),n]})}export{T as n,l as r,E as t};