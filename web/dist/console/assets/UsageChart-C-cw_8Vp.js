import{_t as e,tt as t,yt as n}from"./urql.es-COUOrkb-.js";import{n as r}from"./Empty-qsr1XmzY.js";import{x as i}from"./console-C8u3Y2rL.js";import{n as a,r as o,s}from"./format-DCUDMR17.js";import{t as c}from"./uPlot.min-C75_4OEs.js";var l=r(`
  query UsageReport($filter: UsageFilter!, $interval: UsageInterval!, $groupBy: [UsageDimension!], $top: Int, $orderBy: UsageOrder) {
    usage(filter: $filter, interval: $interval, groupBy: $groupBy, top: $top, orderBy: $orderBy) {
      total {
        requests
        inputTokens
        outputTokens
        cachedInputTokens
        tokens
        cost
        denied
      }
      series {
        others
        dimensions {
          dimension
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
        total {
          requests
          inputTokens
          outputTokens
          cachedInputTokens
          tokens
          cost
          denied
        }
        buckets {
          start
          end
          requests
          tokens
          cost
          denied
        }
      }
    }
  }
`),u=r(`
  query UsageValues($filter: UsageFilter!, $interval: UsageInterval!) {
    usage(filter: $filter, interval: $interval, groupBy: [PROVIDER, MODEL], top: 100, orderBy: REQUESTS) {
      series {
        others
        dimensions {
          dimension
          value
        }
        total {
          requests
        }
      }
    }
  }
`),d=r(`
  query UsageWorkspaces($organization: ID!, $after: String) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        workspaces(first: 100, after: $after) {
          nodes {
            id
            name
          }
        }
      }
    }
  }
`),f=r(`
  query UsageKeys($search: String, $owner: ID) {
    apiKeys(filter: { search: $search, ownerId: $owner }, orderBy: { field: NAME, direction: ASC }, first: 20) {
      nodes {
        id
        name
        prefix
      }
    }
  }
`),p=r(`
  query UsageChosenKeys($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on ApiKey {
        name
        prefix
      }
    }
  }
`),m=n(e(),1),h={COST:`Spend`,TOKENS:`Tokens`,REQUESTS:`Requests`,DENIED:`Denied`},g={API_KEY:`API key`,WORKSPACE:`Workspace`,MODEL:`Model`,PROVIDER:`Provider`},_={HOUR:`Hourly`,DAY:`Daily`,WEEK:`Weekly`,MONTH:`Monthly`},v=(e,t)=>t===null?h[e]:`${h[e]} by ${t===`API_KEY`?`API key`:g[t].toLowerCase()}`,y=(e,t)=>e===`COST`?s(t.toFixed(t<1?6:2)):o(Math.round(t)),b=(e,t)=>e===`COST`?`$${t<1&&t>0?t.toPrecision(2):a(t)}`:a(t),x={COST:`COST`,TOKENS:`TOKENS`,REQUESTS:`REQUESTS`,DENIED:`REQUESTS`};function S(e,t,n,r){let{workspace:i,keys:a,providers:o,models:s,groupBy:c,measure:l}=e;return{filter:{subjectId:i??r,from:t.from.toISOString(),to:t.to.toISOString(),...a.length>0&&{apiKeyIds:a},...o.length>0&&{providers:o},...s.length>0&&{models:s}},interval:n,groupBy:c===null?[]:[c],top:c===null?null:8,orderBy:x[l]}}function C(e,t){switch(t){case`COST`:return Number(e.cost);case`TOKENS`:return e.tokens;case`REQUESTS`:return e.requests;case`DENIED`:return e.denied}}var w={API_KEY:`Deleted key`,WORKSPACE:`No workspace`,MODEL:`Model not reported`,PROVIDER:`Provider not reported`};function T(e){return e.others?`All others`:e.dimensions.length===0?`Everything`:e.dimensions.map(({dimension:e,value:t,node:n})=>n?.name??t??w[e]).join(` · `)}function E(e){let t=[];return e.map(e=>(t=e.map((e,n)=>e+(t[n]??0)),t))}var D=(e,t)=>t>0?e/t:0;function O(e,t){return[...e].sort((e,n)=>Number(e.others)-Number(n.others)||C(n.total,t)-C(e.total,t)||T(e).localeCompare(T(n)))}var k=new Map;function A(e){let t=JSON.stringify(e),n=k.get(t)??new Intl.DateTimeFormat(`en-GB`,{timeZone:`UTC`,...e});return k.set(t,n),n}function j(e,t){switch(t){case`HOUR`:return A({day:`numeric`,month:`short`,hour:`2-digit`,minute:`2-digit`}).format(e);case`DAY`:return A({weekday:`short`,day:`numeric`,month:`short`}).format(e);case`WEEK`:return`Week of ${A({day:`numeric`,month:`short`}).format(e)}`;case`MONTH`:return A({month:`short`,year:`numeric`}).format(e)}}function M(e,t){return t===`MONTH`?A({month:`short`,year:`2-digit`}).format(e):t===`HOUR`&&e.getUTCHours()!==0?A({hour:`2-digit`,minute:`2-digit`}).format(e):A({day:`numeric`,month:`short`}).format(e)}var N={series1:`_series1_1wh2k_1`,series2:`_series2_1wh2k_5`,series3:`_series3_1wh2k_9`,series4:`_series4_1wh2k_13`,series5:`_series5_1wh2k_17`,series6:`_series6_1wh2k_21`,series7:`_series7_1wh2k_25`,series8:`_series8_1wh2k_29`,others:`_others_1wh2k_33`},P=[N.series1,N.series2,N.series3,N.series4,N.series5,N.series6,N.series7,N.series8];P.length;var F=(e,t)=>(t?N.others:P[e])??``,I={figure:`_figure_1i6os_1`,plot:`_plot_1i6os_6`,legend:`_legend_1i6os_13`,swatch:`_swatch_1i6os_31`,tooltip:`_tooltip_1i6os_40`,when:`_when_1i6os_56`,sum:`_sum_1i6os_84`},L=t(),R=280,z=68;function B(e){let t=(0,m.useRef)(null),n=(0,m.useRef)(null),[r,a]=(0,m.useState)(null),o=i();return(0,m.useEffect)(()=>{let r=t.current;if(r===null)return;let i=new c(G(e,r,H(n),a),W(e),r),o=new ResizeObserver(()=>i.setSize({width:r.clientWidth,height:R}));return o.observe(r),()=>{o.disconnect(),i.destroy(),a(null)}},[e.buckets,e.layers,e.format,e.interval,o]),(0,L.jsxs)(`figure`,{className:I.figure,children:[(0,L.jsxs)(`div`,{className:I.plot,role:`img`,"aria-label":e.label,children:[(0,L.jsx)(`div`,{ref:t}),r!==null&&(0,L.jsx)(V,{bars:e,index:r.index,left:r.left})]}),(0,L.jsx)(`ul`,{ref:n,className:I.legend,"aria-hidden":`true`,children:e.layers.map(e=>(0,L.jsxs)(`li`,{children:[(0,L.jsx)(`span`,{className:`${I.swatch} ${e.className}`}),e.name]},e.name))})]})}function V({bars:e,index:t,left:n}){let r=(0,m.useRef)(null);(0,m.useEffect)(()=>{let e=r.current,t=e?.parentElement?.clientWidth??0;e!==null&&(e.style.left=`${n+16+e.offsetWidth>t?n-16-e.offsetWidth:n+16}px`)});let i=e.buckets[t];if(i===void 0)return null;let a=e.layers.map(e=>({...e,value:e.values[t]??0})).filter(({value:e})=>e>0),o=a.reduce((e,{value:t})=>e+t,0);return(0,L.jsxs)(`div`,{ref:r,className:I.tooltip,"aria-hidden":`true`,children:[(0,L.jsx)(`p`,{className:I.when,children:j(new Date(i.start),e.interval)}),(0,L.jsxs)(`dl`,{children:[a.reverse().map(({name:t,className:n,value:r})=>(0,L.jsxs)(`div`,{children:[(0,L.jsxs)(`dt`,{children:[(0,L.jsx)(`span`,{className:`${I.swatch} ${n}`}),t]}),(0,L.jsx)(`dd`,{children:e.format(r)})]},t)),(0,L.jsxs)(`div`,{className:I.sum,children:[(0,L.jsx)(`dt`,{children:`Together`}),(0,L.jsx)(`dd`,{children:e.format(o)})]})]})]})}function H(e){let t=e.current;if(t===null)return{layers:[],text:`gray`,line:`gray`,ground:`transparent`};let{color:n,borderTopColor:r,backgroundColor:i}=getComputedStyle(t);return{layers:[...t.querySelectorAll(`.${I.swatch}`)].map(e=>getComputedStyle(e).color),text:n,line:r,ground:i}}var U=({start:e,end:t})=>(e+t)/2e3,W=({buckets:e,layers:t})=>[e.map(U),...E(t.map(({values:e})=>e)).reverse()];function G(e,t,n,r){let{buckets:i,layers:a,interval:o,formatShort:s}=e,l=`12px ${getComputedStyle(t).fontFamily}`,u=c.paths.bars?.({size:[.8,56],align:0}),d={stroke:n.text,font:l,ticks:{show:!1}};return{width:t.clientWidth,height:R,padding:[12,8,0,0],legend:{show:!1},cursor:{y:!1,points:{show:!1},drag:{x:!1,y:!1}},scales:{x:{time:!1,range:()=>[(i[0]?.start??0)/1e3,(i.at(-1)?.end??1e3)/1e3]},y:{range:(e,t,n)=>[0,n>0?n*1.05:1]}},axes:[{...d,grid:{show:!1},splits:e=>K(i,e.bbox.width/devicePixelRatio),values:(e,t)=>t.map(e=>q(i,e,o))},{...d,grid:{stroke:n.line,width:1},size:J,values:(e,t)=>t.map(s)}],series:[{},...a.map((e,t)=>({fill:n.layers[a.length-1-t],stroke:n.ground,width:1,paths:u,points:{show:!1}}))],hooks:{setCursor:[({cursor:{idx:e,left:n}})=>r(e==null||n===void 0||n<0?null:{index:e,left:n+(t.querySelector(`.u-over`)?.offsetLeft??0)})]}}}function K(e,t){let n=Math.max(1,Math.ceil(e.length*z/Math.max(t,z)));return e.filter((e,t)=>t%n===Math.floor((n-1)/2)).map(U)}var q=(e,t,n)=>{let r=e.find(e=>U(e)===t);return r===void 0?``:M(new Date(r.start),n)},J=(e,t)=>14+7.2*Math.max(0,...(t??[]).map(e=>e.length)),Y={chart:`_chart_1d4at_1`};function X({series:e,interval:t,measure:n,groupBy:r,busy:i}){let a=(0,m.useMemo)(()=>{if(e!==void 0)return{buckets:(e[0]?.buckets??[]).map(({start:e,end:t})=>({start:Date.parse(e),end:Date.parse(t)})),layers:e.map((e,t)=>({name:T(e),className:F(t,e.others),values:e.buckets.map(e=>C(e,n))})),format:e=>y(n,e),formatShort:e=>b(n,e)}},[e,n]);return(0,L.jsx)(`div`,{className:Y.chart,"aria-busy":i||void 0,children:a&&(0,L.jsx)(B,{...a,interval:t,label:`${v(n,r)}, ${_[t].toLowerCase()}, as bars; the table Over time has the same values`})})}export{u as _,O as a,S as c,h as d,v as f,l as g,f as h,T as i,g as l,p as m,F as n,D as o,y as p,j as r,C as s,X as t,_ as u,d as v};