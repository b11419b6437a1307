import{X as e,Y as t,_t as n,i as r,tt as i,yt as a,z as o}from"./urql.es-COUOrkb-.js";import{t as s}from"./Status-DeDv7c6X.js";import{V as c,x as l,z as u}from"./console-C8u3Y2rL.js";import{a as d,i as f,n as p,r as m,t as h}from"./Empty-qsr1XmzY.js";import{i as g,n as _,r as v,t as y}from"./Format-DH0rlt1J.js";import{c as b,i as x,n as ee,r as te,s as S,t as C,u as w}from"./format-DCUDMR17.js";import{n as ne,t as T}from"./Bar-BBIGDFLG.js";import{t as E}from"./uPlot.min-C75_4OEs.js";import{t as re}from"./DataTable-CSMLG6Bx.js";var D=a(n(),1),O=i(),k={live:{tone:`good`,word:`Live`,title:`What changes is shown as it happens`},polling:{tone:`neutral`,word:`Every 15 s`,title:`The server sends no events: the page is read again every 15 seconds`},offline:{tone:`neutral`,word:`Connecting`,title:`The page is not told of changes at the moment`}};function A(){let{tone:e,word:t,title:n}=k[c().live];return(0,O.jsx)(`span`,{title:n,children:(0,O.jsx)(s,{tone:e,children:t})})}function ie({__typename:e,id:t}){switch(e){case`ApiKey`:return`/keys/${t}`;case`Workspace`:return`/workspaces/${t}`;case`Organization`:return`/organization`;case`Member`:return`/members`;case`AccessToken`:return`/access-tokens`;default:return}}function j({thing:t}){let n=ie(t),r=t.name||t.id;return n===void 0?(0,O.jsx)(O.Fragment,{children:r}):(0,O.jsx)(e,{to:n,children:r})}var M={use:`_use_1mjg7_1`,muted:`_muted_1mjg7_6`,change:`_change_1mjg7_11`,budget:`_budget_1mjg7_16`,budgetFigure:`_budgetFigure_1mjg7_23`,parts:`_parts_1mjg7_32`,projection:`_projection_1mjg7_40`,top:`_top_1mjg7_44`,topName:`_topName_1mjg7_51`,topShare:`_topShare_1mjg7_57`,topBar:`_topBar_1mjg7_61`,topValue:`_topValue_1mjg7_69`,topOthers:`_topOthers_1mjg7_73`,events:`_events_1mjg7_77`,eventKind:`_eventKind_1mjg7_93`,eventText:`_eventText_1mjg7_97`},N={THRESHOLD:{tone:`warning`,word:`threshold`},EXHAUSTED:{tone:`danger`,word:`used up`},REFUSED:{tone:`danger`,word:`refused`}};function ae({alerts:e}){return e===void 0?null:(0,O.jsxs)(m,{title:`Alerts`,children:[e.length===0&&(0,O.jsx)(h,{title:`No alert yet`,children:`A budget raises one when a threshold is reached, and when it is used up.`}),(0,O.jsx)(`ul`,{className:M.events,children:e.map(e=>(0,O.jsxs)(`li`,{children:[(0,O.jsx)(`span`,{className:M.eventKind,children:(0,O.jsx)(s,{tone:N[e.kind].tone,children:N[e.kind].word})}),(0,O.jsxs)(`span`,{className:M.eventText,children:[e.subject?(0,O.jsx)(j,{thing:e.subject}):`a deleted budget`,(0,O.jsxs)(`span`,{className:M.muted,children:[C(e.used,e.type),` of `,C(e.amount,e.type)]})]}),(0,O.jsx)(g,{at:e.raisedAt})]},e.id))})]})}function oe(e,t,n,r){let{kind:i,series:a,format:o,marks:s=[],height:c=220}=e,l=pe(t),u={stroke:l(`--muted`),font:`12px ${getComputedStyle(t).fontFamily}`,ticks:{show:!1}},d=Math.max(0,...s.map(({value:e})=>e));return{width:n,height:c,legend:{show:!1},tzDate:e=>E.tzDate(new Date(e*1e3),`Etc/UTC`),padding:[8,20,0,0],scales:{x:{time:!0,range:(t,n,r)=>i===`bars`?ce(e.times,n,r):[n,r]},y:{range:(e,t,n)=>[0,Math.max(n??0,d,Number.MIN_VALUE)*1.05]}},axes:[{...u,grid:{show:!1},size:30,space:56,values:(e,t,n,r,i)=>t.map(e=>de(e,i))},{...u,grid:{stroke:l(`--line`),width:1},size:60,space:36,values:(e,t)=>t.map(e=>fe(e,o))}],cursor:{y:!1,points:{show:i===`lines`},drag:{setScale:!1,x:!1,y:!1}},series:[{},...a.map(e=>{let t=l(`--series-${e.colour??1}`);return i===`bars`?{fill:t,width:0,points:{show:!1},paths:E.paths.bars({size:[.72,44],radius:.08})}:{stroke:t,width:2,points:{show:!1},spanGaps:!1,...e.dashed?{dash:[6,5]}:{}}})],hooks:{setCursor:[({cursor:e})=>r(e.idx===null||e.idx===void 0||(e.left??-1)<0?void 0:{index:e.idx,left:60+e.left})],draw:[t=>me(t,e,l)]}}}function se(e){let t=[];for(let n=e.length-1;n>=0;n--){let r=t[0];t.unshift(e[n].values.map((e,t)=>(e??0)+(r?.[t]??0)))}return t}function ce(e,t,n){let r=e.length>1?e[1]-e[0]:86400;return[t-r/2,n+r/2]}var le=new Intl.DateTimeFormat(`en`,{month:`short`,day:`numeric`,timeZone:`UTC`}),ue=new Intl.DateTimeFormat(`en`,{hour:`2-digit`,minute:`2-digit`,hourCycle:`h23`,timeZone:`UTC`});function de(e,t){let n=e%86400==0;return(t>=86400||n?le:ue).format(e*1e3)}function fe(e,t){let n=t(e);return e===0||e>=10?n.replace(/\.\d+$/,``):n}function pe(e){return t=>{let n=document.createElement(`span`);n.style.color=`var(${t})`,e.append(n);let{color:r}=getComputedStyle(n);return n.remove(),r}}function me(e,{marks:t=[]},n){let{ctx:r,bbox:i}=e;r.save(),r.font=`${12*devicePixelRatio}px ${getComputedStyle(e.root).fontFamily}`,r.textAlign=`left`;for(let{value:a,label:o,strong:s}of t){let t=Math.round(e.valToPos(a,`y`,!0));r.strokeStyle=r.fillStyle=n(s?`--danger-strong`:`--warning-mark`),r.lineWidth=devicePixelRatio,r.setLineDash(s?[]:[4*devicePixelRatio,4*devicePixelRatio]),r.beginPath(),r.moveTo(i.left,t),r.lineTo(i.left+i.width,t),r.stroke(),r.fillStyle=n(`--muted`),r.fillText(o,i.left+4*devicePixelRatio,t-4*devicePixelRatio)}r.restore()}var P={figure:`_figure_1ki5y_1`,frame:`_frame_1ki5y_6`,tooltip:`_tooltip_1ki5y_12`,toLeft:`_toLeft_1ki5y_30`,row:`_row_1ki5y_35`,rowLabel:`_rowLabel_1ki5y_42`,swatch:`_swatch_1ki5y_49`,legend:`_legend_1ki5y_56`};function F(e){let{label:n,times:r,series:i,kind:a,format:o,formatTime:s,height:c=220,legendHidden:u}=e,d=(0,D.useRef)(null),f=z(d),p=l(),[m,h]=(0,D.useState)(),g=(0,D.useRef)(e);g.current=e;let _=(0,D.useMemo)(()=>[[...r],...a===`bars`?se(i):i.map(({values:e})=>[...e])],[r,i,a]),v=JSON.stringify([a,c,p,e.marks,i.map(({colour:e,dashed:t})=>[e,t])]),y=(0,D.useRef)(void 0);return(0,D.useEffect)(()=>{if(f===0||d.current===null)return;let e=new E(oe(g.current,d.current,f,h),_,d.current);return y.current=e,()=>{y.current=void 0,e.destroy()}},[v,f]),(0,D.useEffect)(()=>y.current?.setData(_),[_]),(0,O.jsxs)(`figure`,{className:P.figure,children:[(0,O.jsx)(`div`,{ref:d,className:P.frame,"aria-hidden":`true`,style:{minHeight:c},children:m&&r[m.index]!==void 0&&(0,O.jsxs)(`div`,{className:t(P.tooltip,m.left>f/2&&P.toLeft),style:{left:m.left},children:[(0,O.jsx)(`strong`,{children:s(r[m.index])}),i.map((e,t)=>(0,O.jsx)(I,{series:e,value:e.values[m.index],format:o},t))]})}),!u&&i.length>1&&(0,O.jsx)(`ul`,{className:P.legend,"aria-hidden":`true`,children:i.map((e,t)=>(0,O.jsxs)(`li`,{children:[(0,O.jsx)(L,{series:e}),e.label]},t))}),(0,O.jsx)(R,{...e,label:n})]})}function I({series:e,value:t,format:n}){return t==null?null:(0,O.jsxs)(`span`,{className:P.row,children:[(0,O.jsx)(L,{series:e}),(0,O.jsx)(`span`,{className:P.rowLabel,children:e.label}),(0,O.jsx)(`span`,{children:n(t)})]})}function L({series:{colour:e=1}}){return(0,O.jsx)(`span`,{className:P.swatch,style:{background:`var(--series-${e})`}})}function R({label:e,times:t,series:n,format:r,formatTime:i}){return(0,O.jsxs)(`table`,{className:`visually-hidden`,children:[(0,O.jsx)(`caption`,{children:e}),(0,O.jsx)(`thead`,{children:(0,O.jsxs)(`tr`,{children:[(0,O.jsx)(`th`,{scope:`col`,children:`Time`}),n.map((e,t)=>(0,O.jsx)(`th`,{scope:`col`,children:e.label},t))]})}),(0,O.jsx)(`tbody`,{children:t.map((e,t)=>(0,O.jsxs)(`tr`,{children:[(0,O.jsx)(`th`,{scope:`row`,children:i(e)}),n.map(({values:e},n)=>(0,O.jsx)(`td`,{children:e[t]===null||e[t]===void 0?``:r(e[t])},n))]},e))})]})}function z(e){let[t,n]=(0,D.useState)(0);return(0,D.useEffect)(()=>{let t=new ResizeObserver(([e])=>n(Math.floor(e.contentRect.width)));return t.observe(e.current),()=>t.disconnect()},[e]),t}var he=604800;function ge(e,t){let n=e.burnDown.map(({at:e,used:t})=>({at:Date.parse(e)/1e3,used:Number(t)})),r=Number(e.used),i=Math.max(t/1e3,n.at(-1)?.at??0),a=_e(e,n,r,i),o=[...n.map(({at:e})=>e),...a?[a.at]:[]],s=e.periodEnd?Date.parse(e.periodEnd)/1e3:void 0;s!==void 0&&s>(o.at(-1)??0)&&o.push(s);let c=o.map((e,t)=>n[t]?.used??null),l=o.map((e,t)=>a===void 0||t<n.length-1?null:e<=a.at?r+(a.used-r)*Math.max(0,e-i)/Math.max(1,a.at-i):null);return{times:o,series:[{label:`Used`,values:c},{label:`At this pace`,values:l,colour:`others`,dashed:!0}]}}function _e(e,t,n,r){if(e.projectedExhaustion)return{at:Math.max(r+1,Date.parse(e.projectedExhaustion)/1e3),used:Number(e.amount)};if(!e.periodEnd||t.length<2)return;let i=Date.parse(e.periodEnd)/1e3,a=Math.max(t[0].at,r-he),o=t.findLast(({at:e})=>e<=a)??t[0],s=(n-o.used)/Math.max(1,r-o.at);return i>r?{at:i,used:n+s*(i-r)}:void 0}var ve={NONE:``,WEEKLY:`, weekly`,MONTHLY:`, monthly`};function ye({budgets:e}){return e===void 0||e.length===0?null:(0,O.jsx)(f,{children:e.map(e=>(0,O.jsx)(be,{budget:e},e.id))})}function be({budget:e}){let{type:t,used:n,reserved:r,remaining:i,periodicReset:a,alertThresholds:o}=e,s=C(e.amount,t),{times:c,series:l}=(0,D.useMemo)(()=>ge(e,Date.now()),[e]),u=(0,D.useMemo)(()=>[...o.map(t=>({value:Number(t),label:b(Number(t)/Number(e.amount))})),{value:Number(e.amount),label:w(e.amount,t),strong:!0}],[o,e.amount,t]),d=ve[a]??``;return(0,O.jsxs)(m,{title:`${t===`COST`?`Cost budget`:`Token budget`}${d}`,children:[(0,O.jsxs)(`div`,{className:M.budget,children:[(0,O.jsxs)(`p`,{className:M.budgetFigure,children:[(0,O.jsx)(`strong`,{children:w(n,t)}),` of `,w(e.amount,t),t===`TOKENS`&&` tokens`]}),(0,O.jsx)(T,{label:`${C(n,t)} of ${s} used, ${C(r,t)} held`,used:Number(n),held:Number(r),max:Number(e.amount),thresholds:o.map(Number)}),(0,O.jsxs)(`p`,{className:M.parts,children:[(0,O.jsxs)(`span`,{children:[w(r,t),` held`]}),(0,O.jsxs)(`span`,{children:[w(i,t),` left`]})]}),(0,O.jsx)(`p`,{className:M.projection,children:xe(e)})]}),(0,O.jsx)(F,{label:`Used of the budget, and where the last 7 days lead`,kind:`lines`,times:c,series:l,marks:u,format:e=>t===`COST`?S(e.toFixed(2)):ee(e),formatTime:e=>x(new Date(e*1e3).toISOString()),height:190})]})}function xe({exhausted:e,projectedExhaustion:t,periodEnd:n}){return e?`Used up: requests are denied${n?` until ${x(n)}`:``}.`:t?`At the pace of the last 7 days it is used up on ${x(t)}.`:n?`At the pace of the last 7 days it lasts until it resets on ${x(n)}.`:`At the pace of the last 7 days it is not used up.`}var B=9;function Se(e){let t=e.startsWith(`-`),[n=`0`,r=``]=e.replace(/^[-+]/,``).split(`.`),i=BigInt(n+r.slice(0,B).padEnd(B,`0`));return t?-i:i}function Ce(e){let t=(e<0n?-e:e).toString().padStart(10,`0`),n=t.slice(-9).replace(/0+$/,``);return`${e<0n?`-`:``}${t.slice(0,-9)}${n&&`.${n}`}`}function we(e){return Ce(e.reduce((e,t)=>e+Se(t),0n))}var V=864e5;function H(e){let t=new Date(e),n=Date.UTC(t.getUTCFullYear(),t.getUTCMonth(),t.getUTCDate()),r=n-t.getUTCDay()*V;return{today:n,tomorrow:n+V,week:r,lastWeek:r-7*V,month:Date.UTC(t.getUTCFullYear(),t.getUTCMonth(),1),lastMonth:Date.UTC(t.getUTCFullYear(),t.getUTCMonth()-1,1)}}var U=e=>new Date(e).toISOString();function W(e,t,n){return e.filter(({start:e})=>Date.parse(e)>=t&&Date.parse(e)<n)}function G(e){return we(e.map(({cost:e})=>e))}function K(e,t){return e.reduce((e,n)=>e+n[t],0)}function q(e,t,n,{today:r}){let i=r-t,a=Number(G(W(e,n,Math.min(n+i,t))));if(i!==0&&a!==0)return Number(G(W(e,t,r)))/a-1}var Te=6;function Ee({denials:e}){if(!e)return null;let t=De(e).slice(0,Te);return(0,O.jsxs)(m,{title:`Denied today`,actions:(0,O.jsxs)(`span`,{className:M.muted,children:[(0,O.jsx)(y,{value:e.requests}),` requests`]}),children:[t.length===0&&(0,O.jsx)(h,{title:`Nothing was denied today`}),(0,O.jsx)(`ul`,{className:M.events,children:t.map(({key:e,reason:t,count:n})=>(0,O.jsxs)(`li`,{children:[(0,O.jsxs)(`span`,{className:M.eventText,children:[e?(0,O.jsx)(j,{thing:e}):`unknown keys`,(0,O.jsx)(`span`,{className:M.muted,children:t.toLowerCase().replaceAll(`_`,` `)})]}),(0,O.jsx)(y,{value:n})]},`${e?.id} ${t}`))})]})}function De({edges:e}){let t=new Map;for(let{apiKey:n,reason:r,count:i}of e.map(({node:e})=>e)){let e=`${n?.id} ${r}`,a=t.get(e)??{key:n??void 0,reason:r,count:0};t.set(e,{...a,count:a.count+i})}return[...t.values()].sort((e,t)=>t.count-e.count)}var Oe=8;function ke({exhausted:e,recent:t}){if(e===void 0||t===void 0)return null;let n=[...new Map([...e,...t].map(e=>[e.id,e])).values()].map(je).filter(e=>e!==void 0&&ne(e.used+e.held,e.max)!==`calm`).sort((e,t)=>J(t)-J(e)).slice(0,Oe);return(0,O.jsx)(m,{title:`Keys near a limit`,flush:!0,children:(0,O.jsx)(re,{label:`Keys near a limit`,columns:Ae,rows:n,rowKey:({key:e})=>e.id,empty:(0,O.jsx)(h,{title:`No key is near a limit`,children:`Of the keys that were used last, none has used 80% of a budget or a rate limit.`})})})}var J=({used:e,held:t,max:n})=>n>0?(e+t)/n:1,Ae=[{id:`key`,header:`Key`,cell:({key:e})=>(0,O.jsx)(j,{thing:{__typename:`ApiKey`,...e}}),grow:!0},{id:`limit`,header:`Limit`,cell:({limit:e})=>e,wideOnly:!0},{id:`use`,header:`Use`,cell:e=>(0,O.jsx)(`span`,{className:M.use,children:(0,O.jsx)(T,{thin:!0,label:`${b(J(e))} of ${e.limit}`,used:e.used,held:e.held,max:e.max})})},{id:`share`,header:`Share`,align:`right`,cell:e=>J(e)>=1?(0,O.jsx)(s,{tone:`danger`,children:`full`}):(0,O.jsx)(s,{tone:`warning`,children:b(J(e))})},{id:`last`,header:`Last used`,align:`right`,wideOnly:!0,cell:({key:e})=>e.lastUsedAt?(0,O.jsx)(g,{at:e.lastUsedAt}):(0,O.jsx)(v,{label:`never`})}];function je(e){return[...e.budgetLimits.map(({type:t,amount:n,used:r,reserved:i})=>({key:e,limit:C(n,t),used:Number(r),held:Number(i),max:Number(n)})),...e.rateLimits.map(({type:t,limit:n,interval:r,used:i,reserved:a})=>({key:e,limit:`${te(n)} ${t.toLowerCase()} a ${r.toLowerCase()}`,used:i,held:a,max:n}))].sort((e,t)=>J(t)-J(e))[0]}var Y=p(`
  query OverviewSpend($organizationId: ID!, $subjectId: ID, $from: Time!, $to: Time!) {
    usage(filter: { subjectId: $subjectId, from: $from, to: $to }, interval: DAY) {
      series {
        buckets {
          start
          cost
          requests
          tokens
          denied
        }
      }
    }
    node(id: $organizationId) {
      __typename
      id
      ... on Organization {
        budgetLimits {
          ...OverviewBudget
        }
      }
    }
  }
`);p(`
  fragment OverviewBudget on BudgetLimit {
    id
    type
    amount
    used
    reserved
    remaining
    exhausted
    alertThresholds
    periodicReset
    periodStart
    periodEnd
    projectedExhaustion
    burnDown(interval: DAY) {
      at
      used
    }
  }
`);var Me=p(`
  query OverviewDetail($subjectId: ID, $ownerId: ID, $month: Time!, $today: Time!, $to: Time!) {
    keys: usage(filter: { subjectId: $subjectId, from: $month, to: $to }, interval: MONTH, groupBy: [API_KEY], top: 5) {
      ...OverviewTop
    }
    models: usage(filter: { subjectId: $subjectId, from: $month, to: $to }, interval: MONTH, groupBy: [MODEL], top: 5) {
      ...OverviewTop
    }
    workspaces: usage(filter: { subjectId: $subjectId, from: $month, to: $to }, interval: MONTH, groupBy: [WORKSPACE], top: 5) {
      ...OverviewTop
    }
    alerts(first: 5) {
      nodes {
        id
        kind
        type
        threshold
        amount
        used
        raisedAt
        subject {
          __typename
          id
          name
        }
      }
    }
    exhausted: apiKeys(filter: { ownerId: $ownerId, statuses: [EXHAUSTED] }, first: 5) {
      nodes {
        ...OverviewKey
      }
    }
    recent: apiKeys(filter: { ownerId: $ownerId, statuses: [ACTIVE] }, orderBy: { field: LAST_USED_AT, direction: DESC }, first: 50) {
      nodes {
        ...OverviewKey
      }
    }
    denials(filter: { subjectId: $subjectId, from: $today }, first: 50) {
      requests
      edges { node { hour reason count apiKey { __typename id name } } }
    }
  }
`);p(`
  fragment OverviewTop on UsageReport {
    total {
      cost
    }
    series {
      others
      total {
        cost
        tokens
        requests
      }
      dimensions {
        value
        node {
          __typename
          id
          ... on ApiKey {
            name
          }
          ... on Workspace {
            name
          }
        }
      }
    }
  }
`),p(`
  fragment OverviewKey on ApiKey {
    id
    name
    lastUsedAt
    budgetLimits {
      id
      type
      amount
      used
      reserved
    }
    rateLimits {
      id
      type
      limit
      interval
      used
      reserved
    }
  }
`);var X={stats:`_stats_cpij9_1`,stat:`_stat_cpij9_1`,label:`_label_cpij9_16`,value:`_value_cpij9_21`,note:`_note_cpij9_29`};function Z({label:e,value:t,note:n}){return(0,O.jsxs)(`div`,{className:X.stat,children:[(0,O.jsx)(`dt`,{className:X.label,children:e}),(0,O.jsx)(`dd`,{className:X.value,children:t}),n&&(0,O.jsx)(`dd`,{className:X.note,children:n})]})}function Ne({children:e}){return(0,O.jsx)(`dl`,{className:X.stats,children:e})}var Pe=30;function Fe({buckets:e,days:t}){let n=t.today-864e5,r=(t,n)=>G(W(e??[],t,n)),i=W(e??[],t.today,t.tomorrow),a=W(e??[],t.month,t.tomorrow),o=e!==void 0;return(0,O.jsxs)(O.Fragment,{children:[(0,O.jsxs)(Ne,{children:[(0,O.jsx)(Z,{label:`Spent today`,value:o?(0,O.jsx)(_,{dollars:r(t.today,t.tomorrow)}):`–`,note:o&&(0,O.jsxs)(O.Fragment,{children:[`Yesterday `,S(r(n,t.today))]})}),(0,O.jsx)(Z,{label:`This week`,value:o?(0,O.jsx)(_,{dollars:r(t.week,t.tomorrow)}):`–`,note:o&&(0,O.jsx)(Q,{label:`Last week`,dollars:r(t.lastWeek,t.week),share:q(e,t.week,t.lastWeek,t)})}),(0,O.jsx)(Z,{label:`This month`,value:o?(0,O.jsx)(_,{dollars:G(a)}):`–`,note:o&&(0,O.jsx)(Q,{label:`Last month`,dollars:r(t.lastMonth,t.month),share:q(e,t.month,t.lastMonth,t)})}),(0,O.jsx)(Z,{label:`Requests today`,value:o?(0,O.jsx)(y,{value:K(i,`requests`),short:!0}):`–`,note:o&&(0,O.jsxs)(O.Fragment,{children:[(0,O.jsx)(y,{value:K(i,`tokens`),short:!0}),` tokens`]})}),(0,O.jsx)(Z,{label:`Denied today`,value:o?(0,O.jsx)(y,{value:K(i,`denied`),short:!0}):`–`,note:o&&(0,O.jsxs)(O.Fragment,{children:[(0,O.jsx)(y,{value:K(a,`denied`),short:!0}),` this month`]})})]}),o&&(0,O.jsx)(Ie,{buckets:e.slice(-30)})]})}function Q({label:e,dollars:t,share:n}){return(0,O.jsxs)(O.Fragment,{children:[e,` `,S(t),n!==void 0&&(0,O.jsxs)(`span`,{className:M.change,title:`In the whole days of this period, against as many days of the one before`,children:[n>=0?`▲`:`▼`,` `,b(Math.abs(n)),(0,O.jsxs)(`span`,{className:`visually-hidden`,children:[n>=0?` more`:` less`,` by the same day`]})]})]})}function Ie({buckets:e}){let t=(0,D.useMemo)(()=>e.map(({start:e})=>Date.parse(e)/1e3),[e]),n=(0,D.useMemo)(()=>[{label:`Spent`,values:e.map(({cost:e})=>Number(e))}],[e]);return(0,O.jsx)(m,{title:`Spent by day`,actions:(0,O.jsxs)(`span`,{className:M.muted,children:[`last `,Pe,` days, UTC`]}),children:(0,O.jsx)(F,{label:`Spent by day`,kind:`bars`,times:t,series:n,format:e=>S(e.toFixed(2)),formatTime:e=>x(new Date(e*1e3).toISOString()),height:200})})}function Le({keys:e,models:t,workspaces:n}){return(0,O.jsxs)(f,{children:[(0,O.jsx)($,{title:`Top keys`,unnamed:`unknown`,report:e}),(0,O.jsx)($,{title:`Top models`,unnamed:`not named`,report:t}),(0,O.jsx)($,{title:`Top workspaces`,unnamed:`no workspace`,report:n})]})}function $({title:e,unnamed:t,report:n}){if(!n)return null;let r=Number(n.total.cost);return(0,O.jsxs)(m,{title:e,actions:(0,O.jsx)(`span`,{className:M.muted,children:`this month`}),children:[n.series.length===0&&(0,O.jsx)(h,{title:`Nothing was used this month`}),(0,O.jsx)(`ol`,{className:M.top,children:n.series.map((e,n)=>{let i=r>0?Number(e.total.cost)/r:0;return(0,O.jsxs)(`li`,{children:[(0,O.jsx)(`span`,{className:M.topName,children:e.others?`All others`:(0,O.jsx)(Re,{series:e,unnamed:t})}),(0,O.jsx)(`span`,{className:M.topShare,children:b(i)}),(0,O.jsx)(_,{dollars:e.total.cost}),(0,O.jsxs)(`svg`,{className:M.topBar,"aria-hidden":`true`,children:[(0,O.jsx)(`rect`,{width:`100%`,height:`100%`}),(0,O.jsx)(`rect`,{className:e.others?M.topOthers:M.topValue,width:`${i*100}%`,height:`100%`})]})]},n)})})]})}function Re({series:e,unnamed:t}){let n=e.dimensions[0];return n?.node?(0,O.jsx)(j,{thing:n.node}):n?.value??t}function ze(){let{organization:e,can:t}=u(),n=Be(),i=t.seeEverything?e.id:null,a=(0,D.useMemo)(()=>({spend:{organizationId:e.id,subjectId:i,from:U(Math.min(n.lastMonth,n.lastWeek)),to:U(n.tomorrow)},detail:{subjectId:i,ownerId:e.id,month:U(n.month),today:U(n.today),to:U(n.tomorrow)}}),[e.id,i,n]),[s,c]=r({query:Y,variables:a.spend}),[l,p]=r({query:Me,variables:a.detail}),m=s.data?.node,h=m?.__typename===`Organization`?m.budgetLimits:void 0;return(0,O.jsxs)(d,{title:`Overview`,aside:(0,O.jsx)(A,{}),lead:t.seeEverything?void 0:`What the API keys that you created spend. Days, weeks and months are UTC.`,children:[(0,O.jsx)(o,{title:`What is spent could not be read.`,error:s.error,onRetry:()=>c({requestPolicy:`network-only`})}),(0,O.jsx)(Fe,{buckets:s.data?.usage?.series[0]?.buckets,days:n}),(0,O.jsx)(ye,{budgets:h}),(0,O.jsx)(o,{title:`Some of this page could not be read.`,error:l.error,onRetry:()=>p({requestPolicy:`network-only`})}),(0,O.jsx)(Le,{keys:l.data?.keys,models:l.data?.models,workspaces:l.data?.workspaces}),(0,O.jsx)(ke,{exhausted:l.data?.exhausted?.nodes,recent:l.data?.recent?.nodes}),(0,O.jsxs)(f,{children:[(0,O.jsx)(ae,{alerts:l.data?.alerts?.nodes}),(0,O.jsx)(Ee,{denials:l.data?.denials})]})]})}function Be(){let[e,t]=(0,D.useState)(()=>H(Date.now()));return(0,D.useEffect)(()=>{let n=setTimeout(()=>t(H(Date.now())),e.tomorrow-Date.now()+1e3);return()=>clearTimeout(n)},[e]),e}export{ze as OverviewPage};