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
if (tabs.length && storage.getItem("graphiql:tabState") === null) {
  // GraphiQL shows the query of the first tab, but takes its variables and headers from here only.
  Object.entries(tabs[0]).forEach(([editor, text]) => storage.setItem(`graphiql:${editor}`, text));
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
