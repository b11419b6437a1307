import{n as e}from"./useNavigate-DMREyCCy.js";import{G as t,J as n,l as r,u as i,z as a}from"./console-C8u3Y2rL.js";import{G as o,J as s,_t as c,i as l,tt as u,yt as d,z as f}from"./urql.es-COUOrkb-.js";import{i as p}from"./range-GMGFdgOF.js";import{a as m,n as h,o as g,r as _,t as v}from"./Empty-qsr1XmzY.js";import{n as y,t as b}from"./Pager-Dg8gmJMM.js";import{t as x}from"./CopyButton-BwV6f6Kc.js";import{i as S}from"./Format-DH0rlt1J.js";import{t as C}from"./SubjectLink-C14Sx2zf.js";import{r as w,t as T}from"./format-DCUDMR17.js";import{t as E}from"./SaveFile-BQo3SkJ3.js";import{t as D}from"./RangeField-CLtVvIZ7.js";import{o as ee,r as O,s as k}from"./Inputs-DVYG2Mnz.js";var A={entry:`_entry_v43px_1`,summary:`_summary_v43px_5`,action:`_action_v43px_43`,kind:`_kind_v43px_47`,detail:`_detail_v43px_48`,actor:`_actor_v43px_49`,at:`_at_v43px_50`,body:`_body_v43px_58`,reason:`_reason_v43px_64`,scroll:`_scroll_v43px_68`,changes:`_changes_v43px_73`,nothing:`_nothing_v43px_117`,same:`_same_v43px_121`,origin:`_origin_v43px_128`,actions:`_actions_v43px_143`,target:`_target_v43px_154`},j=e=>typeof e==`object`&&!!e&&!Array.isArray(e);function M(e,t){if(Array.isArray(e)&&Array.isArray(t))return e.length===t.length&&e.every((e,n)=>M(e,t[n]));if(j(e)&&j(t)){let n=Object.keys(e);return n.length===Object.keys(t).length&&n.every(n=>n in t&&M(e[n],t[n]))}return e===t}function N(e,t){let[n,r]=[e??null,t??null];return M(n,r)?`same`:n===null?`added`:r===null?`removed`:`changed`}function P(e,t,n){return[...new Set([...Object.keys(t),...Object.keys(e)])].flatMap(r=>{let[i,a,o]=[e[r],t[r],n+r];return(j(i)||j(a))&&(j(i)||i==null)&&(j(a)||a==null)?P(j(i)?i:{},j(a)?a:{},`${o}.`):[{path:o,kind:N(i,a),before:i,after:a}]})}function F(e,t){let n=P(j(e)?e:{},j(t)?t:{},``);return[...n.filter(({kind:e})=>e!==`same`),...n.filter(({kind:e})=>e===`same`)]}function I(e){return e==null?`–`:typeof e==`string`?e===``?`(empty)`:e:Array.isArray(e)&&e.every(e=>typeof e!=`object`)?e.length===0?`(none)`:e.join(`, `):JSON.stringify(e)}function L(e){if(!/^[a-z]+([A-Z][a-z]*)*$/.test(e))return e;let[t=``,...n]=e.replace(/([A-Z])/g,` $1`).toLowerCase().replace(/\bapi\b/,`API`).split(` `);return[t.charAt(0).toUpperCase()+t.slice(1),...n].join(` `)}var R=u();function z({actor:e,actorNode:t}){return t?.__typename===`Member`?t.memberName??t.email:t?.__typename===`AccessToken`?t.name:e===`root`?`Operator`:e.startsWith(`sql:`)?`SQL as ${e.slice(4)}`:e.startsWith(`tok_`)?`Access token`:e.startsWith(`mem_`)?`Member`:/^[a-z]+(_[a-z]+)+$/.test(e)?`Job ${e}`:e}var B=new Set([`version`,`updatedAt`]);function V(e){let t=e.after??e.before;if(e.before!=null&&e.after!=null){let t=F(e.before,e.after).filter(({kind:e,path:t})=>e!==`same`&&!B.has(t)).map(({path:e})=>e);return t.length>4?`${t.slice(0,3).join(`, `)} and ${t.length-3} more`:t.join(`, `)}return t===null||e.targetId.startsWith(`mem_`)?``:typeof t.email==`string`?`recipient ${t.email}`:typeof t.prefix==`string`&&typeof t.name!=`string`?`secret ${t.prefix}…`:``}var H={org:`Organization`,ws:`Workspace`,key:`API key`,mem:`Member`,tok:`Access token`,bud:`Budget`,rat:`Rate limit`,alt:`Alert`},U=e=>H[e.slice(0,e.indexOf(`_`))]??`Thing`,W=e=>typeof e==`string`&&e!==``?e:void 0;function G({entry:e}){let{target:t,targetId:n}=e,r=e.after??e.before;switch(t?.__typename){case`ApiKey`:case`Workspace`:case`Organization`:return(0,R.jsx)(C,{subject:t,id:t.id});case`Member`:return(0,R.jsx)(R.Fragment,{children:t.email});case`AccessToken`:return(0,R.jsx)(R.Fragment,{children:t.name});case`BudgetLimit`:return(0,R.jsx)(R.Fragment,{children:T(t.amount,t.type)});case`RateLimit`:return(0,R.jsx)(R.Fragment,{children:`${w(t.limit)} ${t.rateType.toLowerCase()} a ${t.interval.toLowerCase()}`});default:return(0,R.jsx)(R.Fragment,{children:W(r?.name)??W(r?.email)??(0,R.jsx)(`code`,{children:n})})}}function K({entry:e,onNarrow:t}){let n=F(e.before,e.after),r=V(e);return(0,R.jsxs)(`details`,{className:A.entry,children:[(0,R.jsxs)(`summary`,{className:A.summary,children:[(0,R.jsx)(s,{name:`right`}),(0,R.jsx)(`span`,{className:A.action,children:L(e.action)}),(0,R.jsxs)(`span`,{className:A.target,children:[(0,R.jsx)(`span`,{className:A.kind,children:U(e.targetId)}),` `,(0,R.jsx)(G,{entry:e}),r&&(0,R.jsxs)(`span`,{className:A.detail,children:[` `,r]})]}),(0,R.jsx)(`span`,{className:A.actor,children:z(e)}),(0,R.jsx)(`span`,{className:A.at,children:(0,R.jsx)(S,{at:e.at})})]}),(0,R.jsxs)(`div`,{className:A.body,children:[e.reason&&(0,R.jsxs)(`p`,{className:A.reason,children:[`Reason: `,e.reason]}),(0,R.jsx)(J,{changes:n,created:e.before==null,deleted:e.after==null}),(0,R.jsx)(X,{entry:e,onNarrow:t})]})]})}var q={added:`set`,removed:`taken away`,changed:`changed`,same:``};function J({changes:e,created:t,deleted:n}){let r=e.filter(({kind:e})=>e!==`same`),i=e.filter(({kind:e,after:t,before:n})=>e===`same`&&(t??n)!=null);return e.length===0?(0,R.jsx)(`p`,{children:`The entry has no values.`}):(0,R.jsxs)(R.Fragment,{children:[r.length>0&&(0,R.jsx)(Y,{label:`What changed`,changes:r,before:!t,after:!n}),r.length===0&&(0,R.jsx)(`p`,{children:`No value that is kept has changed.`}),i.length>0&&(0,R.jsxs)(`details`,{className:A.same,children:[(0,R.jsx)(`summary`,{children:i.length===1?`1 value that stayed`:`${i.length} values that stayed`}),(0,R.jsx)(Y,{label:`What stayed`,changes:i,before:!1,after:!0})]})]})}function Y({label:e,changes:t,before:n,after:r}){return(0,R.jsx)(`div`,{className:A.scroll,tabIndex:0,role:`region`,"aria-label":e,children:(0,R.jsxs)(`table`,{className:A.changes,children:[(0,R.jsx)(`thead`,{children:(0,R.jsxs)(`tr`,{children:[(0,R.jsx)(`th`,{scope:`col`,children:`Value`}),n&&(0,R.jsx)(`th`,{scope:`col`,children:`Before`}),r&&(0,R.jsx)(`th`,{scope:`col`,children:n?`After`:`Is`})]})}),(0,R.jsx)(`tbody`,{children:t.map(e=>(0,R.jsxs)(`tr`,{children:[(0,R.jsxs)(`th`,{scope:`row`,children:[e.path,n&&r&&(0,R.jsxs)(`span`,{className:`visually-hidden`,children:[` `,q[e.kind]]})]}),n&&(0,R.jsx)(`td`,{children:e.before==null?(0,R.jsx)(`span`,{className:A.nothing,children:`–`}):e.kind===`same`?I(e.before):(0,R.jsx)(`del`,{children:I(e.before)})}),r&&(0,R.jsx)(`td`,{children:e.after==null?(0,R.jsx)(`span`,{className:A.nothing,children:`–`}):e.kind===`same`?I(e.after):(0,R.jsx)(`ins`,{children:I(e.after)})})]},e.path))})]})})}function X({entry:e,onNarrow:t}){let n=/^(mem|tok)_/.test(e.actor);return(0,R.jsxs)(R.Fragment,{children:[(0,R.jsxs)(`dl`,{className:A.origin,children:[(0,R.jsx)(Z,{term:`When`,value:(0,R.jsx)(S,{at:e.at,absolute:!0})}),(0,R.jsx)(Z,{term:`Actor`,value:(0,R.jsx)(`code`,{children:e.actor})}),(0,R.jsx)(Z,{term:`Target`,value:(0,R.jsx)(`code`,{children:e.targetId})}),e.requestId&&(0,R.jsx)(Z,{term:`Request`,value:(0,R.jsx)(`code`,{children:e.requestId})})]}),(0,R.jsxs)(`div`,{className:A.actions,children:[(0,R.jsxs)(o,{small:!0,onClick:()=>t({target:e.targetId}),children:[`All changes of this `,U(e.targetId).replace(/^[A-Z](?=[a-z])/,e=>e.toLowerCase())]}),n&&(0,R.jsxs)(o,{small:!0,onClick:()=>t({actor:e.actor}),children:[`All by `,z(e)]}),(0,R.jsx)(x,{text:e.id,label:`Copy id of the entry`,iconOnly:!0})]})]})}function Z({term:e,value:t}){return(0,R.jsxs)(`div`,{children:[(0,R.jsx)(`dt`,{children:e}),(0,R.jsx)(`dd`,{children:t})]})}function Q({range:e}){let t=new URLSearchParams;return e&&(t.set(`from`,e.from.toISOString()),t.set(`to`,e.to.toISOString())),(0,R.jsx)(E,{files:[{label:`Export CSV`,address:`/export/audit.csv?${t}`,name:`audit.csv`}]})}var te=d(c(),1),$=`createApiKey.updateApiKey.rotateApiKey.revokeApiKey.releaseReservations.createBudgetLimit.updateBudgetLimit.resetBudgetLimit.deleteBudgetLimit.createRateLimit.updateRateLimit.deleteRateLimit.setLimits.addRecipients.removeRecipients.setRecipientDomains.resendAlert.createWorkspace.updateWorkspace.deleteWorkspace.addMember.updateMember.removeMember.acceptMembership.declineMembership.leaveOrganization.createAccessToken.revokeAccessToken.createOrganization.updateOrganization.setOrganizationQuotas.setHoldBounds`.split(`.`),ne=h(`
  query AuditPage($filter: AuditFilter, $first: Int, $after: String, $last: Int, $before: String) {
    auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      nodes {
        id
        action
        actor
        actorNode {
          __typename
          id
          ... on Member {
            email
            memberName: name
            removedAt
          }
          ... on AccessToken {
            name
            prefix
          }
        }
        targetId
        target {
          __typename
          id
          ... on ApiKey {
            name
          }
          ... on Workspace {
            name
          }
          ... on Organization {
            name
          }
          ... on Member {
            email
          }
          ... on AccessToken {
            name
          }
          ... on BudgetLimit {
            type
            amount
            periodicReset
          }
          ... on RateLimit {
            rateType: type
            limit
            interval
          }
        }
        before
        after
        reason
        at
        requestId
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`),re=h(`
  query AuditActors($organization: ID!) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        members(first: 100) {
          nodes {
            id
            email
            name
          }
        }
        accessTokens(first: 100) {
          nodes {
            id
            name
            prefix
          }
        }
      }
    }
  }
`);function ie({state:e,onChange:t}){let n=Object.values(e).some(e=>e!==null),r=e.action===null||$.includes(e.action)?$:[...$,e.action??``];return(0,R.jsxs)(g,{children:[(0,R.jsx)(D,{label:`When`,selection:e.selection,anyTime:`At any time`,onChange:e=>t({selection:e})}),(0,R.jsx)(ae,{state:e,onChange:t}),(0,R.jsx)(k,{label:`Action`,children:(0,R.jsx)(O,{value:e.action??``,onChange:e=>t({action:e===``?null:e}),options:[{value:``,label:`All actions`},...r.map(e=>({value:e,label:L(e)}))]})}),(0,R.jsx)(oe,{state:e,onChange:t},e.target),n&&(0,R.jsx)(o,{variant:`quiet`,icon:`close`,onClick:()=>t({selection:null,actor:null,target:null,action:null}),children:`No filters`})]})}function ae({state:e,onChange:t}){let{organization:n}=a(),[{data:r}]=l({query:re,variables:{organization:n.id}}),i=r?.node?.__typename===`Organization`?r.node:void 0,o=[...(i?.members.nodes??[]).map(({id:e,name:t,email:n})=>({value:e,label:t??n})),...(i?.accessTokens.nodes??[]).map(({id:e,name:t})=>({value:e,label:`Token ${t}`}))],s=e.actor===null||o.some(({value:t})=>t===e.actor);return(0,R.jsx)(k,{label:`Actor`,children:(0,R.jsx)(O,{value:e.actor??``,onChange:e=>t({actor:e===``?null:e}),options:[{value:``,label:`Anybody`},...o,...s?[]:[{value:e.actor??``,label:`${e.actor?.slice(0,12)}…`}]]})})}function oe({state:e,onChange:t}){let[n,i]=(0,te.useState)(e.target??``),a=r({target:n.trim()}).target,o=n.trim()!==``&&a===null,s=()=>{!o&&a!==e.target&&t({target:a})};return(0,R.jsx)(k,{label:`Target`,error:o&&`Is no id.`,children:(0,R.jsx)(ee,{value:n,placeholder:`key_…, ws_…, bud_…`,spellCheck:!1,autoComplete:`off`,onChange:e=>i(e.target.value),onBlur:s,onKeyDown:e=>e.key===`Enter`&&s()})})}function se(){let{can:o}=a(),s=n({from:`/shell/audit`}),c=r(s),u=e(),d=e=>void u({to:`/audit`,search:i({...c,...e}),resetScroll:!1}),h=c.selection&&p(c.selection,new Date),g={actorId:c.actor,targetId:c.target,action:c.action,from:h?.from.toISOString()??null,to:h?.to.toISOString()??null},[{data:x,error:S,stale:C},w]=l({query:ne,variables:{filter:g,...y(s,50)},pause:!o.seeEverything});if(!o.seeEverything)return(0,R.jsx)(m,{title:`Audit log`,children:(0,R.jsx)(v,{title:`The audit log is not shown to members`,children:`Owners and admins see it.`})});let T=x?.auditLog?.nodes;return(0,R.jsxs)(m,{title:`Audit log`,lead:`Every change${o.operate?` in the instance`:``}, written in the transaction that made it. Nothing here is ever changed or deleted.`,actions:(0,R.jsx)(Q,{range:h}),children:[(0,R.jsx)(ie,{state:c,onChange:d}),(0,R.jsx)(f,{title:`The audit log could not be read.`,error:S,onRetry:()=>w({requestPolicy:`network-only`})}),T===void 0&&S===void 0&&(0,R.jsx)(t,{}),T!==void 0&&(0,R.jsxs)(_,{flush:!0,children:[(0,R.jsxs)(`div`,{"aria-busy":C||void 0,children:[T.map(e=>(0,R.jsx)(K,{entry:e,onNarrow:d},e.id)),T.length===0&&(0,R.jsx)(v,{title:`No change like this`,children:`Choose another range, or fewer filters.`})]}),(0,R.jsx)(b,{pageInfo:x?.auditLog?.pageInfo,onPage:e=>void u({to:`/audit`,search:{...i(c),...e}})})]})]})}export{se as AuditPage};