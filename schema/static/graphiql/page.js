// Opens GraphiQL with the examples that the server put into the page.
const { digest, examples } = document.documentElement.dataset;

// One drawer of the browser's storage per set of examples: new tokens must not lose to remembered ones.
function drawer(prefix) {
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  return {
    get length() {
      return keys().length;
    },
    getItem: (key) => localStorage.getItem(prefix + key),
    setItem: (key, value) => localStorage.setItem(prefix + key, value),
    removeItem: (key) => localStorage.removeItem(prefix + key),
    clear: () => keys().forEach((key) => localStorage.removeItem(key)),
  };
}

const tabs = JSON.parse(examples).map(({ title, query, variables, headers }) => ({
  query: `# ${title}\n${query}`,
  variables,
  headers,
}));

const storage = drawer(`carnet:${digest}:`);
const kept = JSON.parse(storage.getItem("graphiql:tabState"));
const shown = kept ? kept.tabs[kept.activeTabIndex] : tabs[0];
if (shown) {
  // GraphiQL fills its editors from here only, and forgets the headers: a reload would open a tab without a token.
  ["query", "variables", "headers"].forEach((editor) => storage.setItem(`graphiql:${editor}`, shown[editor] ?? ""));
}

const graphiql = React.createElement(GraphiQL, {
  fetcher: GraphiQL.createFetcher({ url: location.pathname }),
  defaultTabs: tabs.length ? tabs : undefined,
  defaultEditorToolsVisibility: "headers",
  plugins: [GraphiQLPluginExplorer.explorerPlugin()],
  inputValueDeprecation: true,
  schemaDescription: true,
  shouldPersistHeaders: true,
  storage,
});

ReactDOM.createRoot(document.getElementById("graphiql")).render(graphiql);
