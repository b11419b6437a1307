import{B as e,G as t,U as n,V as r,W as i,X as a,_t as o,i as s,n as c,r as l,tt as u,yt as d,z as f}from"./urql.es-COUOrkb-.js";import{n as p}from"./useNavigate-DMREyCCy.js";import{G as m,U as h,t as g,z as _}from"./console-C8u3Y2rL.js";import{a as v,n as y,r as b,t as x}from"./Empty-qsr1XmzY.js";import{n as S,t as C}from"./removals-1lZujBLF.js";import{_ as w,a as T,c as E,d as D,i as O,l as k,n as A,o as j,r as M,s as N,t as P}from"./useDraft-DADUUduY.js";import{t as F}from"./governance-BU6_rDhR.js";var I=d(o(),1);y(`
  fragment SubjectLimits on LimitSubject {
    __typename
    id
    name
    version
    updatedAt
    budgetLimits {
      id
      subjectId
      type
      amount
      used
      reserved
      remaining
      exhausted
      alertThresholds
      periodicReset
      generation
      periodStart
      periodEnd
    }
    rateLimits {
      id
      subjectId
      type
      limit
      interval
      used
      reserved
      remaining
      windowStart
      resetsAt
    }
    recipients {
      email
      source
      suppressedAt
      suppressedReason
    }
  }
`);var L=y(`
  query SubjectToLimit($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Organization {
        ...SubjectLimits
        recipientDomains
      }
      ... on Workspace {
        ...SubjectLimits
        deletedAt
        organization {
          id
          recipientDomains
        }
      }
    }
  }
`),R=y(`
  mutation SetLimits($input: SetLimitsInput!) {
    setLimits(input: $input) {
      subject {
        ...SubjectLimits
      }
    }
  }
`),z=u();function B({state:n,base:i,noun:a,defaults:o,domains:s,governance:c,pending:l,notes:u,onSubmit:d,onCancel:f}){let{draft:p,errors:m,edit:h,pend:g}=n,_=(0,I.useRef)(null),v=(0,I.useRef)(0),y=()=>`new-${++v.current}`,x=A(_),S=Object.keys(m).length,C=()=>h(N.budgets,e=>({...e,budgets:[...e.budgets,k(e,y())]})),w=()=>h(N.rates,e=>({...e,rates:[...e.rates,D(e,y())]}));return(0,z.jsxs)(`form`,{ref:_,className:j.form,noValidate:!0,"aria-label":`Limits of the ${a}`,onSubmit:e=>{e.preventDefault(),l||(x(),d())},children:[!c&&(0,z.jsx)(e,{what:`New limits, and changes of limits,`}),(c||p.budgets.length>0)&&(0,z.jsx)(b,{title:`Budgets`,children:(0,z.jsxs)(`div`,{className:j.fields,children:[p.budgets.length===0?(0,z.jsx)(V,{label:`Add budget`,text:`How much all keys of the ${a} together may use up in a period, in dollars or tokens.`,onAdd:C}):(0,z.jsx)(T,{budgets:p.budgets,saved:i.budgets,errors:m,mayChange:!0,onChange:(e,t)=>h(e,e=>({...e,budgets:t})),onAdd:C,onPending:g}),m[N.budgets]&&(0,z.jsx)(`p`,{className:j.error,children:m[N.budgets]})]})}),(c||p.rates.length>0)&&(0,z.jsx)(b,{title:`Rate limits`,children:(0,z.jsxs)(`div`,{className:j.fields,children:[p.rates.length===0?(0,z.jsx)(V,{label:`Add rate limit`,text:`How much all keys of the ${a} together may use in a minute, an hour or a day, by the UTC clock.`,onAdd:w}):(0,z.jsx)(O,{rates:p.rates,errors:m,mayChange:!0,onChange:(e,t)=>h(e,e=>({...e,rates:t})),onAdd:w}),m[N.rates]&&(0,z.jsx)(`p`,{className:j.error,children:m[N.rates]})]})}),(0,z.jsx)(b,{title:`Email notifications`,children:(0,z.jsx)(`div`,{className:j.fields,children:(0,z.jsx)(M,{recipients:p.recipients,saved:i.recipients,defaults:o,domains:s,errors:m,mayRemove:!0,noun:a,onChange:(e,t)=>h(e,e=>({...e,recipients:t})),onPending:g})})}),u,n.rest.length>0&&(0,z.jsx)(r,{tone:`danger`,title:`The server refused this`,children:(0,z.jsx)(`ul`,{children:n.rest.map(e=>(0,z.jsx)(`li`,{children:e},e))})}),(0,z.jsxs)(`div`,{className:j.actions,children:[(0,z.jsx)(`p`,{className:j.summary,role:`status`,children:S>0&&`${S===1?`One field needs`:`${S} fields need`} attention.`}),(0,z.jsx)(t,{onClick:f,children:`Cancel`}),(0,z.jsx)(t,{type:`submit`,variant:`primary`,pending:l,children:`Save`})]})]})}function V({label:e,text:n,onAdd:r}){return(0,z.jsxs)(`div`,{className:j.fields,children:[(0,z.jsx)(`p`,{className:j.hint,children:n}),(0,z.jsx)(`div`,{children:(0,z.jsx)(t,{icon:`plus`,onClick:r,children:e})})]})}var H=e=>E({...e,owner:{id:e.id},metadata:{},emailNotifications:!0});function U(e,t,n,r){let i=w(e,t,n,r);if(i===void 0)return;let{budgetLimits:a,rateLimits:o,recipients:s}=i;return{subjectId:e,expectedVersion:t,...a&&{budgetLimits:a},...o&&{rateLimits:o},...s&&{recipients:s}}}function W({first:e,noun:t,domains:r,onDone:a}){let{organization:o}=_(),s=c(),u=g(),[d,f]=(0,I.useState)(e),[p,m]=(0,I.useState)(),[{fetching:v},y]=l(R),b=H(d),x=P(b),w=d.recipients.filter(e=>e.source!==`ADDED`),T=async(e,t)=>{let r=U(t.id,t.version,H(t),e);if(r===void 0)return a();let{data:o,error:s}=await y({input:r});if(m(void 0),o?.setLimits)return u(`The limits of ${t.name} are saved.`),a();if(s&&n(s,`CONFLICT`)){let e=await E(t);if(e)return m({kind:`conflict`,theirs:e})}s&&x.refuse(s.networkError?i(s):s.graphQLErrors)},E=async e=>{let{data:t}=await s.query(L,{id:e.id},{requestPolicy:`network-only`}).toPromise(),n=t?.node,r=n?.__typename===`Organization`||n?.__typename===`Workspace`?n:void 0;return r&&r.version!==e.version?r:void 0},D=()=>{if(Object.keys(x.attempt()).length>0)return;let e=C(b,x.draft);e.deleted.length+e.restarted.length>0?m({kind:`lost`,lost:e}):T(x.draft,d)},O=(e,t)=>{f(t),x.replace(e),m(void 0)};return(0,z.jsxs)(z.Fragment,{children:[(0,z.jsx)(B,{state:x,base:b,noun:t,defaults:w,domains:r,governance:F(o),pending:v,onSubmit:D,onCancel:a}),p?.kind===`lost`&&(0,z.jsxs)(h,{title:`Save, and lose what was counted?`,confirm:`Save`,danger:!0,pending:v,onClose:()=>m(void 0),onConfirm:()=>void T(x.draft,d),children:[(0,z.jsx)(G,{title:`These limits are deleted, with their history:`,limits:p.lost.deleted}),(0,z.jsx)(G,{title:`These budgets start again at zero:`,limits:p.lost.restarted})]}),p?.kind===`conflict`&&(0,z.jsx)(S,{noun:t,base:b,mine:x.draft,theirs:H(p.theirs),savedAt:p.theirs.updatedAt,ownerName:e=>e,pending:v,onSave:e=>{O(e,p.theirs),T(e,p.theirs)},onEdit:e=>O(e,p.theirs),onClose:()=>m(void 0)})]})}function G({title:e,limits:t}){return t.length===0?null:(0,z.jsxs)(`div`,{children:[(0,z.jsx)(`p`,{children:e}),(0,z.jsx)(`ul`,{children:t.map(e=>(0,z.jsx)(`li`,{children:e},e))})]})}function K({id:e}){let{can:t}=_(),n=p(),[{data:r,error:i,stale:o,fetching:c}]=s({query:L,variables:{id:e},requestPolicy:`network-only`}),[l,u]=(0,I.useState)(),d=r?.node,h=d?.__typename===`Organization`||d?.__typename===`Workspace`?d:void 0;h!==void 0&&l===void 0&&!o&&!c&&u(h);let g=()=>void(e.startsWith(`ws_`)?n({to:`/workspaces/$workspaceId`,params:{workspaceId:e}}):n({to:`/organization`})),y=e.startsWith(`ws_`)?(0,z.jsxs)(z.Fragment,{children:[(0,z.jsx)(a,{to:`/workspaces`,children:`Workspaces`}),` / `,(0,z.jsx)(a,{to:`/workspaces/$workspaceId`,params:{workspaceId:e},children:h?.name??`Workspace`})]}):(0,z.jsx)(a,{to:`/organization`,children:h?.name??`Organization`});if(i&&!l)return(0,z.jsx)(v,{title:`Limits`,trail:y,children:(0,z.jsx)(f,{title:`The limits could not be read.`,error:i})});if(l===void 0)return(0,z.jsx)(m,{});let b=l.__typename===`Workspace`&&l.deletedAt!=null;return!t.administer||b?(0,z.jsx)(v,{title:`Limits of ${l.name}`,trail:y,children:(0,z.jsx)(x,{title:`These limits cannot be changed`,children:b?`The workspace is deleted.`:`Owners and admins may change them.`})}):(0,z.jsx)(v,{title:`Limits of ${l.name}`,trail:y,lead:`Every request of its API keys must pass them, besides those of the key itself. All of it is saved at once, or nothing is.`,children:(0,z.jsx)(W,{first:l,noun:l.__typename===`Workspace`?`workspace`:`organization`,domains:l.__typename===`Workspace`?l.organization.recipientDomains:l.recipientDomains,onDone:g})})}export{K as t};