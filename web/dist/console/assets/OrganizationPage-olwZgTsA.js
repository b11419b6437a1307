import{G as e,H as t,U as n,V as r,_t as i,i as a,q as o,r as s,tt as c,yt as l,z as u}from"./urql.es-COUOrkb-.js";import{G as d,W as f,t as p,z as m}from"./console-C8u3Y2rL.js";import{i as h,t as g}from"./Format-DH0rlt1J.js";import{a as _,n as v,r as y}from"./Empty-qsr1XmzY.js";import{t as b}from"./LimitsOverview-IxnvtmMI.js";import{i as x,l as S,o as C,r as w,s as T}from"./Inputs-DVYG2Mnz.js";import{t as E}from"./Status-DeDv7c6X.js";import{t as D}from"./governance-BU6_rDhR.js";import{t as O}from"./Bar-BBIGDFLG.js";import{t as k}from"./DataTable-CSMLG6Bx.js";import{r as A}from"./format-DCUDMR17.js";import{n as j,t as M}from"./SubjectLink-C14Sx2zf.js";var N=l(i(),1);v(`
  fragment OrganizationFields on Organization {
    id
    name
    slug
    version
    updatedAt
    plan
    governanceEnabled
    memberDomains
    recipientDomains
    keyHoldPercent
    keyHoldSeconds
    createdAt
  }
`);var P=v(`
  query OrganizationPage($organization: ID!) {
    node(id: $organization) {
      __typename
      ... on Organization {
        ...OrganizationFields
        ...SubjectLimits
      }
    }
  }
`),ee=v(`
  query OrganizationQuotas($organization: ID!) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        quotas {
          name
          maximum
          default
          used
        }
      }
    }
  }
`),te=v(`
  mutation UpdateOrganization($input: UpdateOrganizationInput!) {
    updateOrganization(input: $input) {
      organization {
        ...OrganizationFields
      }
    }
  }
`),F=v(`
  mutation SetHoldBounds($input: SetHoldBoundsInput!) {
    setHoldBounds(input: $input) {
      organization {
        ...OrganizationFields
      }
    }
  }
`),I=v(`
  mutation SetRecipientDomains($input: SetRecipientDomainsInput!) {
    setRecipientDomains(input: $input) {
      organization {
        ...OrganizationFields
      }
      outsideCount
      outside {
        subjectId
        email
      }
    }
  }
`),L=v(`
  mutation SetOrganizationQuotas($input: SetOrganizationQuotasInput!) {
    setOrganizationQuotas(input: $input) {
      organization {
        id
        quotas {
          name
          maximum
          default
          used
        }
      }
    }
  }
`),R={columns:`_columns_18kh2_1`,facts:`_facts_18kh2_7`,features:`_features_18kh2_17`,plan:`_plan_18kh2_30`,note:`_note_18kh2_34`,form:`_form_18kh2_39`,buttons:`_buttons_18kh2_44`,quota:`_quota_18kh2_50`};function z(e,t,n){let r=e.trim();if(r===``)return null;if(!/^\d{1,9}$/.test(r))return;let i=Number(r);return i>=t&&i<=n?i:void 0}var B=[[`hour`,3600],[`minute`,60],[`second`,1]];function V(e){let t=e;return B.flatMap(([e,n])=>{let r=Math.floor(t/n);return t-=r*n,r===0?[]:[`${r} ${e}${r===1?``:`s`}`]}).join(` `)}var H=c();function U({organization:t}){let{can:n}=m(),[r,i]=(0,N.useState)(!1),{keyHoldPercent:a,keyHoldSeconds:o}=t;return(0,H.jsxs)(y,{title:`Holds of one key`,actions:n.administer&&(0,H.jsx)(e,{small:!0,variant:`quiet`,icon:`edit`,onClick:()=>i(!0),children:`Change`}),children:[(0,H.jsxs)(`dl`,{className:R.facts,children:[(0,H.jsxs)(`div`,{children:[(0,H.jsx)(`dt`,{children:`Of the smallest budget of the organization and its workspace`}),(0,H.jsx)(`dd`,{children:a==null?`all of it`:`${a}%`})]}),(0,H.jsxs)(`div`,{children:[(0,H.jsx)(`dt`,{children:`For how long, unless the gateway extends it`}),(0,H.jsx)(`dd`,{children:o==null?`a day`:V(o)})]})]}),r&&(0,H.jsx)(W,{organization:t,onClose:()=>i(!1)})]})}function W({organization:n,onClose:r}){let i=p(),[a,o]=(0,N.useState)(n.keyHoldPercent?.toString()??``),[c,l]=(0,N.useState)(n.keyHoldSeconds?.toString()??``),[d,m]=(0,N.useState)({}),[{error:h,fetching:g},_]=s(F),v={...t(h),...d},y=async()=>{let e=z(a,1,100),t=z(c,1,86400),o={...e===void 0&&{keyPercent:`A whole number, 1 to 100.`},...t===void 0&&{keySeconds:`A whole number, 1 to 86400.`}};if(m(o),Object.keys(o).length>0)return;let{data:s}=await _({input:{organizationId:n.id,keyPercent:e,keySeconds:t}});s?.setHoldBounds&&(i(`The bounds are saved, and hold with the next decision.`),r())};return(0,H.jsxs)(f,{title:`What one key may hold`,description:`So that a key whose secret has leaked, or a gateway with a fault, cannot hold the whole budget. It ends no hold that there is.`,onClose:r,onSubmit:()=>void y(),actions:(0,H.jsxs)(H.Fragment,{children:[(0,H.jsx)(e,{onClick:r,children:`Cancel`}),(0,H.jsx)(e,{type:`submit`,variant:`primary`,pending:g,children:`Save`})]}),children:[(0,H.jsx)(T,{label:`Share of the smallest budget`,hint:`Empty: all of it. 20 for a start; as low as the requests in flight of the busiest key allow.`,error:v.keyPercent,children:(0,H.jsx)(C,{numeric:!0,suffix:`%`,value:a,autoFocus:!0,onChange:e=>o(e.target.value)})}),(0,H.jsx)(T,{label:`Time of a hold`,hint:`Empty: a day. 900 is recommended; a longer ttlSeconds of a gateway is shortened to it.`,error:v.keySeconds,children:(0,H.jsx)(C,{numeric:!0,suffix:`seconds`,value:c,onChange:e=>l(e.target.value)})}),(0,H.jsx)(u,{title:`The bounds could not be saved.`,error:h,shownFields:[`keyPercent`,`keySeconds`]})]})}var G={chips:`_chips_anfot_1`,list:`_list_anfot_7`,chip:`_chip_anfot_1`,entry:`_entry_anfot_27`,input:`_input_anfot_32`,refused:`_refused_anfot_50`},K=/[\s,;]+/;function q({values:t,onChange:n,check:r,placeholder:i,noun:a,disabled:s}){let[c,l]=(0,N.useState)(``),[u,d]=(0,N.useState)(),f=(0,N.useRef)(null),p=S(),m=e=>{let i=e.split(K).filter(Boolean),a=i.filter(e=>r?.(e)!==void 0),o=new Set(t.map(e=>e.toLowerCase())),s=i.filter(e=>!a.includes(e)&&!o.has(e.toLowerCase())&&o.add(e.toLowerCase()));s.length>0&&n([...t,...s]),l(a.join(` `)),d(a[0]&&r?.(a[0]))},h=e=>{e.key===`Enter`?(e.preventDefault(),m(c)):e.key===`Backspace`&&c===``&&t.length>0&&n(t.slice(0,-1))},g=e=>{let t=e.clipboardData.getData(`text`);K.test(t.trim())&&(e.preventDefault(),m(`${c} ${t}`))},_=e=>{n(t.filter(t=>t!==e)),f.current?.focus()};return(0,H.jsxs)(`div`,{className:G.chips,children:[t.length>0&&(0,H.jsx)(`ul`,{className:G.list,"aria-label":`${a}: ${t.length} entered`,children:t.map(e=>(0,H.jsxs)(`li`,{className:G.chip,children:[(0,H.jsx)(`span`,{children:e}),(0,H.jsx)(o,{label:`Remove ${e}`,icon:`close`,small:!0,disabled:s,onClick:()=>_(e)})]},e))}),(0,H.jsxs)(`div`,{className:G.entry,children:[(0,H.jsx)(`input`,{...p,ref:f,className:G.input,type:`text`,value:c,placeholder:i,autoComplete:`off`,spellCheck:!1,disabled:s,"aria-invalid":u!==void 0||p[`aria-invalid`],onChange:e=>{l(e.target.value),d(void 0)},onKeyDown:h,onPaste:g,onBlur:()=>c.trim()!==``&&m(c)}),(0,H.jsx)(e,{small:!0,disabled:s,onClick:()=>m(c),children:`New`})]}),(0,H.jsx)(`p`,{className:G.refused,"aria-live":`polite`,children:u})]})}function J(e){if(e.includes(`@`))return`Leave out what is before the @, and the @ itself.`;if(e.length>253||!/^[^\s@.]+(\.[^\s@.]+)+$/.test(e))return`${e} is no domain.`}var Y=[{value:`FREE`,label:`Free`},{value:`PRO`,label:`Pro`},{value:`ENTERPRISE`,label:`Enterprise`}];function X({organization:i,onClose:a}){let o=p(),[c,l]=(0,N.useState)(i.name),[d,m]=(0,N.useState)(i.plan),[h,g]=(0,N.useState)(i.governanceEnabled),[_,v]=(0,N.useState)(i.memberDomains),[{error:y,fetching:b},S]=s(te),E=t(y),D=async()=>{let{data:e}=await S({input:{id:i.id,expectedVersion:i.version,name:c,plan:d,governanceEnabled:h,memberDomains:[..._]}});e?.updateOrganization&&(o(`${c} is saved.`),a())};return(0,H.jsxs)(f,{title:`${i.name}, as operator`,onClose:a,onSubmit:()=>void D(),actions:(0,H.jsxs)(H.Fragment,{children:[(0,H.jsx)(e,{onClick:a,children:`Cancel`}),(0,H.jsx)(e,{type:`submit`,variant:`primary`,pending:b,children:`Save`})]}),children:[(0,H.jsx)(T,{label:`Name`,required:!0,error:E.name,children:(0,H.jsx)(C,{value:c,autoFocus:!0,autoComplete:`off`,onChange:e=>l(e.target.value)})}),(0,H.jsx)(T,{label:`Plan`,hint:`Limits go on being enforced whatever it becomes.`,error:E.plan,children:(0,H.jsx)(w,{value:d,options:Y,onChange:m})}),(0,H.jsx)(x,{label:`Limits with the plan Pro`,hint:`Decides nothing for the other plans.`,checked:h,onChange:g}),(0,H.jsx)(T,{label:`E-mail domains without invitation`,hint:`Whoever an administrator adds with such an address is a member at once.`,error:E.memberDomains,children:(0,H.jsx)(q,{noun:`domain`,values:_,onChange:v,check:J,placeholder:`acme.test`})}),n(y,`CONFLICT`)?(0,H.jsx)(r,{tone:`warning`,title:`Somebody else has changed this organization`,children:(0,H.jsx)(`p`,{children:`Close this dialog to see what it is now, and change it again if you still want to.`})}):(0,H.jsx)(u,{title:`The organization could not be saved.`,error:y,shownFields:[`name`,`plan`,`memberDomains`]})]})}var Z={FREE:`Free`,PRO:`Pro`,ENTERPRISE:`Enterprise`};function ne({plan:e,governanceEnabled:t}){return e===`ENTERPRISE`?`Creating and changing budgets and rate limits is part of the plan.`:e===`PRO`?t?`The operator opened budgets and rate limits for this organization.`:`With the plan Pro the operator can open budgets and rate limits.`:`Budgets and rate limits come with the plan Enterprise, and with Pro where the operator opens them.`}function re({organization:e}){let t=D(e);return(0,H.jsx)(y,{title:`Plan`,children:(0,H.jsxs)(`ul`,{className:R.features,children:[(0,H.jsxs)(`li`,{children:[(0,H.jsx)(`strong`,{className:R.plan,children:Z[e.plan]}),(0,H.jsx)(`span`,{className:R.note,children:`The operator sets the plan.`})]}),(0,H.jsxs)(`li`,{children:[t?(0,H.jsx)(E,{tone:`good`,children:`Limits available`}):(0,H.jsx)(E,{tone:`neutral`,children:`Limits not in this plan`}),(0,H.jsxs)(`span`,{className:R.note,children:[ne(e),!t&&` Limits that exist go on being enforced, and can be deleted.`]})]}),(0,H.jsxs)(`li`,{children:[(0,H.jsx)(E,{tone:`good`,children:`Usage, alerts, audit log`}),(0,H.jsx)(`span`,{className:R.note,children:`With every plan.`})]})]})})}var Q={MEMBERS:`Members`,ADMINISTRATORS:`Owners and admins`,WORKSPACES:`Workspaces`,API_KEYS:`API keys that are not revoked`,ACCESS_TOKENS:`Access tokens in use`,LIMITS_PER_SUBJECT:`Limits of one key, workspace or organization`,RECIPIENTS_PER_SUBJECT:`Recipients added to one key, workspace or organization`,MAILS_PER_HOUR:`Alert mails in an hour`},ie=2147483647;function ae({quotas:t,onClose:n}){let{organization:r}=m(),i=p(),[a,o]=(0,N.useState)(()=>Object.fromEntries(t.map(({name:e,maximum:t,default:n})=>[e,t===n?``:String(t)]))),[c,l]=(0,N.useState)({}),[{error:d,fetching:h},g]=s(L),_=async()=>{let e=t.map(({name:e})=>({name:e,maximum:z(a[e]??``,+(e===`MAILS_PER_HOUR`),ie)}));if(l(Object.fromEntries(e.filter(({maximum:e})=>e===void 0).map(({name:e})=>[e,`A whole number.`]))),e.some(({maximum:e})=>e===void 0))return;let{data:o}=await g({input:{organizationId:r.id,quotas:e}});o?.setOrganizationQuotas&&(i(`The quotas are saved.`),n())};return(0,H.jsxs)(f,{wide:!0,title:`Quotas`,description:`What the organization has above a quota stays, and nothing is added. Empty is the default.`,onClose:n,onSubmit:()=>void _(),actions:(0,H.jsxs)(H.Fragment,{children:[(0,H.jsx)(e,{onClick:n,children:`Cancel`}),(0,H.jsx)(e,{type:`submit`,variant:`primary`,pending:h,children:`Save`})]}),children:[t.map(({name:e,default:t,used:n})=>(0,H.jsx)(T,{label:Q[e],hint:`${A(n)} used. Default ${A(t)}.`,error:c[e],children:(0,H.jsx)(C,{numeric:!0,placeholder:String(t),value:a[e]??``,onChange:t=>o({...a,[e]:t.target.value})})},e)),(0,H.jsx)(u,{title:`The quotas could not be saved.`,error:d})]})}function oe(){let{organization:t,can:n}=m(),[r,i]=(0,N.useState)(!1),[{data:o,error:s,stale:c}]=a({query:ee,variables:{organization:t.id}}),l=o?.node?.__typename===`Organization`?o.node.quotas:void 0,d=(0,N.useMemo)(se,[]);return(0,H.jsxs)(y,{flush:!0,title:`Quotas`,actions:n.operate&&l&&(0,H.jsx)(e,{small:!0,variant:`quiet`,icon:`edit`,onClick:()=>i(!0),children:`Set`}),children:[(0,H.jsx)(u,{title:`The quotas could not be read.`,error:s}),(0,H.jsx)(k,{label:`Quotas`,columns:d,rows:l,rowKey:({name:e})=>e,stale:c}),r&&l&&(0,H.jsx)(ae,{quotas:l,onClose:()=>i(!1)})]})}var se=()=>[{id:`name`,header:`Of`,grow:!0,cell:({name:e})=>Q[e]},{id:`bar`,header:`Share`,headerHidden:!0,wideOnly:!0,cell:({name:e,used:t,maximum:n})=>(0,H.jsx)(`span`,{className:R.quota,children:(0,H.jsx)(O,{thin:!0,label:`${Q[e]}: ${A(t)} of ${A(n)}`,used:t,max:n})})},{id:`used`,header:`Used`,align:`right`,cell:({used:e})=>(0,H.jsx)(g,{value:e})},{id:`maximum`,header:`At most`,align:`right`,cell:({maximum:e})=>(0,H.jsx)(g,{value:e})}];function ce({organization:t}){let{can:n}=m(),[r,i]=(0,N.useState)(!1),{recipientDomains:a}=t;return(0,H.jsxs)(y,{title:`Added recipients`,actions:n.administer&&(0,H.jsx)(e,{small:!0,variant:`quiet`,icon:`edit`,onClick:()=>i(!0),children:`Change`}),children:[(0,H.jsx)(`p`,{children:a.length===0?`Addresses of any domain.`:`Addresses of ${a.join(`, `)}.`}),(0,H.jsx)(`p`,{className:R.note,children:`In the organization, its workspaces and its API keys.`}),r&&(0,H.jsx)(le,{organization:t,onClose:()=>i(!1)})]})}function le({organization:n,onClose:i}){let[a,o]=(0,N.useState)(n.recipientDomains),[{data:c,error:l,fetching:d},p]=s(I),m=c?.setRecipientDomains,h=async()=>{let{data:e}=await p({input:{organizationId:n.id,domains:[...a]}});e?.setRecipientDomains?.outsideCount===0&&i()};return m&&m.outsideCount>0?(0,H.jsx)(f,{title:`The domains are saved`,onClose:i,actions:(0,H.jsx)(e,{variant:`primary`,onClick:i,children:`Done`}),children:(0,H.jsxs)(r,{tone:`warning`,title:m.outsideCount===1?`1 recipient is outside of them`:`${m.outsideCount} recipients are outside of them`,children:[(0,H.jsx)(`p`,{children:`They were added before, and are written to until somebody removes them.`}),(0,H.jsx)(`ul`,{children:m.outside.map(({subjectId:e,email:t})=>(0,H.jsxs)(`li`,{children:[t,`, of `,(0,H.jsx)(M,{subject:{id:e,name:j(e)},id:e})]},`${e} ${t}`))})]})}):(0,H.jsxs)(f,{title:`Who may be added as recipient`,description:`Whoever adds a recipient, anywhere in the organization, is bound by it.`,onClose:i,onSubmit:()=>void h(),actions:(0,H.jsxs)(H.Fragment,{children:[(0,H.jsx)(e,{onClick:i,children:`Cancel`}),(0,H.jsx)(e,{type:`submit`,variant:`primary`,pending:d,children:`Save`})]}),children:[(0,H.jsx)(T,{label:`E-mail domains`,hint:`Without their subdomains, as acme.test. None: any domain.`,error:Object.values(t(l)).join(` `),children:(0,H.jsx)(q,{noun:`domain`,values:a,onChange:o,check:J,placeholder:`acme.test`})}),(0,H.jsx)(u,{title:`The domains could not be saved.`,error:l,shownFields:Object.keys(t(l))})]})}function $(){let t=m(),{can:n}=t,[r,i]=(0,N.useState)(!1),[{data:o,error:s},c]=a({query:P,variables:{organization:t.organization.id}}),l=o?.node?.__typename===`Organization`?o.node:void 0;return l===void 0?s?(0,H.jsx)(_,{title:t.organization.name,children:(0,H.jsx)(u,{title:`The organization could not be read.`,error:s,onRetry:()=>c({requestPolicy:`network-only`})})}):(0,H.jsx)(d,{}):(0,H.jsxs)(_,{title:l.name,lead:(0,H.jsxs)(H.Fragment,{children:[(0,H.jsx)(`code`,{children:l.slug}),`, created `,(0,H.jsx)(h,{at:l.createdAt})]}),actions:n.operate&&(0,H.jsx)(e,{icon:`edit`,onClick:()=>i(!0),children:`Edit as operator`}),children:[(0,H.jsx)(re,{organization:l}),(0,H.jsx)(b,{subject:l}),(0,H.jsxs)(`div`,{className:R.columns,children:[(0,H.jsx)(U,{organization:l}),(0,H.jsx)(ce,{organization:l})]}),n.seeEverything&&(0,H.jsx)(oe,{}),r&&(0,H.jsx)(X,{organization:l,onClose:()=>i(!1)})]})}export{$ as OrganizationPage};