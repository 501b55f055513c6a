// Node's cluster with two workers, round robin. Answers as the benchmark's application does.
// Arguments: the port, the number of workers.
const cluster = require("cluster");
const http = require("http");

const port = Number(process.argv[2]);
const workers = Number(process.argv[3]);

function invoice(order) {
  const lines = order.lines.map(({ sku, quantity, price }) => ({ sku, quantity, price, total: quantity * price }));
  const total = lines.reduce((sum, line) => sum + line.total, 0);
  return { id: order.id, customer: order.customer, lines, total };
}

function answer(response, type, body) {
  response.writeHead(200, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

function handle(request, response) {
  if (request.url === "/hello") {
    answer(response, "text/plain;charset=UTF-8", "Hello, World!");
  } else if (request.url === "/json") {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () =>
      answer(response, "application/json", JSON.stringify(invoice(JSON.parse(Buffer.concat(chunks))))));
  } else {
    response.writeHead(404);
    response.end();
  }
}

if (cluster.isPrimary) {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  let listening = 0;
  cluster.on("listening", () => {
    listening++;
    if (listening === workers) {
      console.log("all workers are ready");
    }
  });
  for (let i = 0; i < workers; i++) {
    cluster.fork();
  }
} else {
  const server = http.createServer(handle);
  // Node's 5 s would close the idle connections during a measurement
  server.keepAliveTimeout = 120_000;
  server.listen({ port, host: "127.0.0.1", backlog: 1024 });
}
